using NetVips;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>Starts libvips once per process, with only the decoders that photographs need.</summary>
internal static class VipsRuntime
{
    // Loaders detect content themselves, so every decoder enabled here can be reached by any upload, whatever its name.
    private static readonly string[] AllowedLoaders =
        ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif", "VipsForeignLoadTiff"];

    private const Enums.LogLevelFlags Unimportant =
        Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug;

    private static readonly Lazy<Version> Started = new(Start);

    private static readonly Lazy<bool> Av1 = new(WritesAvif);

    public static Version Version => Started.Value;

    public static bool CanEncodeAvif => Av1.Value;

    /// <summary>From 8.15 on, encoders take a set of what to keep; earlier versions only have a switch that strips everything.</summary>
    public static bool HasKeep => Version >= new Version(8, 15);

    /// <summary>Must be called before any operation: until then all decoders of libvips are enabled.</summary>
    public static void Ensure() => _ = Started.Value;

    private static Version Start()
    {
        NativeLibraries.Register();
        _ = VipsLibrary.Handle;
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new VipsNotFoundException($"{VipsLibrary.Source} would not start: {Line(ModuleInitializer.Exception?.Message)} {VipsLibrary.HowToInstall}");
        }

        // Warnings about odd files do not interest an operator, and the default handler writes them to standard error.
        foreach (var domain in new[] { "VIPS", "GLib", "GLib-GObject", "Pango", "Fontconfig" })
        {
            _ = Log.SetLogHandler(domain, Unimportant, (_, _, _) => { });
        }

        // Photographs are processed in parallel, each on one thread; a cache would only hold their memory.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in AllowedLoaders)
        {
            Operation.Block(loader, false);
        }

        return new Version(NetVips.NetVips.Version(0), NetVips.NetVips.Version(1), NetVips.NetVips.Version(2));
    }

    // Its encoder is a plug-in that some systems package separately.
    private static bool WritesAvif()
    {
        try
        {
            using var dot = VipsPixels.ToImage(new byte[16 * 16 * 3], 16, 16, 3);
            return VipsEncode.Avif(dot, 50, 0).Length > 0;
        }
        catch (VipsException)
        {
            return false;
        }
    }

    private static string? Line(string? text) => text?.ReplaceLineEndings(" ").Trim();
}
