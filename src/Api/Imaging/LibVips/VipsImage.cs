using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>Numbers of libvips' enumerations, as its C headers give them.</summary>
internal static class Vips
{
    public const int FormatUchar = 0;
    public const int FormatUshort = 2;
    public const int FormatFloat = 6;

    public const int InterpretationBw = 1;
    public const int InterpretationLab = 13;
    public const int InterpretationCmyk = 15;
    public const int InterpretationSrgb = 22;
    public const int InterpretationGrey16 = 26;
    public const int InterpretationRgb16 = 25;
    public const int InterpretationScrgb = 28;

    public const int AccessRandom = 0;
    public const int AccessSequential = 1;

    public const int FailOnTruncated = 1;

    public const int IntentRelative = 1;

    public const int KeepNothing = 0;
    public const int KeepProfile = 1 << 3;
    public const int KeepAll = 31;

    public const int SubsampleOff = 2;

    public const int CompressionAv1 = 4;
}

/// <summary>A picture of libvips, possibly lazy; it owns one reference.</summary>
internal sealed unsafe class VipsImage : SafeHandle
{
    internal VipsImage(nint image)
        : base(0, ownsHandle: true) => SetHandle(image);

    public override bool IsInvalid => handle == 0;

    public int Width => Native.vips_image_get_width(handle);

    public int Height => Native.vips_image_get_height(handle);

    public int Bands => Native.vips_image_get_bands(handle);

    /// <summary>Number type of a sample (<see cref="Vips.FormatUchar"/> and its neighbors).</summary>
    public int Format => Native.vips_image_get_format(handle);

    public int Interpretation => Native.vips_image_guess_interpretation(handle);

    public bool HasAlpha => Native.vips_image_hasalpha(handle) != 0;

    public static VipsOperation Op(string name) => new(name);

    /// <summary>Copies samples of one byte each into a new picture.</summary>
    public static VipsImage FromPixels(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        VipsRuntime.Ensure();
        fixed (byte* first = pixels)
        {
            var image = Native.vips_image_new_from_memory_copy(first, (nuint)pixels.Length, width, height, bands, Vips.FormatUchar);
            return image == 0
                ? throw new VipsException("memory", VipsRuntime.TakeError())
                : With(new VipsImage(image), bands);
        }
    }

    private static VipsImage With(VipsImage raw, int bands)
    {
        using (raw)
        {
            return Op("copy").Set("in", raw).Set("interpretation", bands < 3 ? Vips.InterpretationBw : Vips.InterpretationSrgb).Run();
        }
    }

    /// <summary>Computes every pixel into memory: a sequential picture can be read only once.</summary>
    public VipsImage ToMemory()
    {
        var image = Native.vips_image_copy_memory(handle);
        return image == 0 ? throw new VipsException("decode", VipsRuntime.TakeError()) : new VipsImage(image);
    }

    /// <summary>The samples of a picture of one byte each that <see cref="ToMemory"/> made, without a copy: to be read while the picture lives.</summary>
    public ReadOnlySpan<byte> Samples
    {
        get
        {
            var data = Native.vips_image_get_data(handle);
            return data == 0
                ? throw new VipsException("memory", VipsRuntime.TakeError())
                : new ReadOnlySpan<byte>((void*)data, checked(Width * Height * Bands));
        }
    }

    public byte[] ToPixels()
    {
        nuint size = 0;
        var memory = Native.vips_image_write_to_memory(handle, &size);
        if (memory == 0)
        {
            throw new VipsException("decode", VipsRuntime.TakeError());
        }

        var bytes = new ReadOnlySpan<byte>((void*)memory, checked((int)size)).ToArray();
        Native.g_free(memory);
        return bytes;
    }

    public bool Has(string field) => Native.vips_image_get_typeof(handle, field) != 0;

    public int? GetInt(string field)
    {
        var value = 0;
        return Has(field) && Native.vips_image_get_int(handle, field, &value) == 0 ? value : null;
    }

    public byte[]? GetBlob(string field)
    {
        nint data = 0;
        nuint length = 0;
        return Has(field) && Native.vips_image_get_blob(handle, field, &data, &length) == 0
            ? new ReadOnlySpan<byte>((void*)data, checked((int)length)).ToArray()
            : null;
    }

    /// <summary>A copy of the header, so that its fields may be changed without changing a shared picture.</summary>
    public VipsImage Copy() => Op("copy").Set("in", this).Run();

    public void SetField(string field, int value) => Native.vips_image_set_int(handle, field, value);

    public void SetField(string field, string value) => Native.vips_image_set_string(handle, field, value);

    public void SetField(string field, ReadOnlySpan<byte> value)
    {
        fixed (byte* first = value)
        {
            Native.vips_image_set_blob_copy(handle, field, first, (nuint)value.Length);
        }
    }

    public void RemoveField(string field) => _ = Native.vips_image_remove(handle, field);

    protected override bool ReleaseHandle()
    {
        Native.g_object_unref(handle);
        return true;
    }
}
