using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>Starts libvips once a process, with only the decoders that photographs need.</summary>
internal static unsafe class VipsRuntime
{
    // Loaders sniff content, so anything left open here is reachable by any upload whatever its name.
    private static readonly string[] AllowedLoaders =
        ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif", "VipsForeignLoadTiff"];

    private static readonly Lazy<Version> Started = new(Start);

    private static readonly Lazy<bool> Av1 = new(AvifProbe.CanEncode);

    public static Version Version => Started.Value;

    /// <summary>Where the library came from.</summary>
    public static string Source
    {
        get
        {
            Ensure();
            return VipsLibrary.LoadedFrom!;
        }
    }

    public static bool CanEncodeAvif => Av1.Value;

    /// <summary>From 8.15 on, savers take a set of what to keep; before, only a switch that strips everything.</summary>
    public static bool HasKeep => Version >= new Version(8, 15);

    public static void Ensure() => _ = Started.Value;

    private static Version Start()
    {
        NativeLibraries.Register();
        if (Native.vips_init("proofsheet") != 0)
        {
            throw new VipsNotFoundException("libvips would not start: " + TakeError());
        }

        // Warnings about odd files are no news to an operator, and the default handler writes them to the error stream.
        foreach (var domain in new[] { "VIPS", "GLib", "GLib-GObject", "Pango", "Fontconfig" })
        {
            _ = Native.g_log_set_handler(domain, 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7, &Ignore, 0);
        }

        // Photographs are worked on side by side, each on one thread; a cache would only hold their memory.
        Native.vips_concurrency_set(1);
        Native.vips_cache_set_max(0);
        Native.vips_cache_set_max_mem(0);
        Native.vips_cache_set_max_files(0);
        Native.vips_operation_block_set("VipsForeignLoad", 1);
        foreach (var loader in AllowedLoaders)
        {
            Native.vips_operation_block_set(loader, 0);
        }

        return new Version(Native.vips_version(0), Native.vips_version(1), Native.vips_version(2));
    }

    /// <summary>libvips' message since the last time; the buffer is shared by the process, so it is read and emptied in one call.</summary>
    public static string TakeError()
    {
        var text = Native.vips_error_buffer_copy();
        try
        {
            return Marshal.PtrToStringUTF8(text)?.Trim() ?? "";
        }
        finally
        {
            Native.g_free(text);
        }
    }

    [UnmanagedCallersOnly]
    private static void Ignore(nint domain, int level, nint message, nint data)
    {
    }
}
