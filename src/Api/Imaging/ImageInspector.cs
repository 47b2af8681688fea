using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging;

/// <summary>Facts of a header; nothing has been decoded yet. Width and height are as stored, before orientation.</summary>
internal sealed record ImageFacts
{
    public required SniffedFormat Kind { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>1 to 8 as in EXIF; anything else in the file counts as 1.</summary>
    public required int Orientation { get; init; }
    public required int Bands { get; init; }
    public required int Pages { get; init; }
    public required bool HasAlpha { get; init; }
    public required bool HasProfile { get; init; }

    /// <summary>Progressive JPEG or interlaced PNG: decoded whole before the first pixel comes out.</summary>
    public required bool IsInterlaced { get; init; }
    public required long Bytes { get; init; }
}

/// <summary>Either the facts or the refusal.</summary>
internal sealed record ImageInspection(ImageFacts? Facts, ImageRefusal? Refusal)
{
    public static implicit operator ImageInspection(ImageFacts facts) => new(facts, null);

    public static implicit operator ImageInspection(ImageRefusal refusal) => new(null, refusal);
}

/// <summary>Reads a header and holds it against the limits, before anything is decoded.</summary>
internal static class ImageInspector
{
    public static ImageInspection Inspect(string path, ImageLimits limits)
    {
        var bytes = new FileInfo(path).Length;
        if (bytes > limits.MaxBytes)
        {
            return ImageRefusal.TooManyBytes(bytes, limits.MaxBytes);
        }

        var kind = ImageSniffer.Sniff(path);
        if (RefuseKind(kind) is { } refusal)
        {
            return refusal;
        }

        try
        {
            using var header = ImageLoader.OpenHeader(kind.Format, path);
            var facts = Read(header, kind, bytes);
            return Judge(facts, limits) is { } tooMuch ? tooMuch : facts;
        }
        catch (VipsException broken)
        {
            return DecodeFailure.ToRefusal(broken);
        }
    }

    public static ImageRefusal? RefuseKind(SniffedFormat kind) => kind.Format switch
    {
        ImageFormat.Unknown => ImageRefusal.NotAnImage(),
        ImageFormat.Unsupported => ImageRefusal.Unsupported(kind.Name),
        ImageFormat.Raw => ImageRefusal.NoRawCodec(kind.Name),
        ImageFormat.Heic when !VipsRuntime.CanDecodeHeic => ImageRefusal.NoHeicCodec(),
        _ => null,
    };

    private static ImageFacts Read(VipsImage header, SniffedFormat kind, long bytes)
    {
        var orientation = header.GetInt("orientation") ?? 1;
        return new ImageFacts
        {
            Kind = kind,
            Width = header.Width,
            Height = header.Height,
            Orientation = orientation is >= 1 and <= 8 ? orientation : 1,
            Bands = header.Bands,
            Pages = Math.Max(1, header.GetInt("n-pages") ?? 1),
            HasAlpha = header.HasAlpha,
            HasProfile = header.Has("icc-profile-data"),
            IsInterlaced = header.GetInt("jpeg-multiscan") > 0 || header.GetInt("interlaced") > 0,
            Bytes = bytes,
        };
    }

    private static ImageRefusal? Judge(ImageFacts facts, ImageLimits limits)
    {
        if ((long)facts.Width * facts.Height > limits.MaxPixels)
        {
            return ImageRefusal.TooManyPixels(facts.Width, facts.Height, limits.MaxPixels);
        }

        if (Math.Max(facts.Width, facts.Height) > limits.MaxSidePixels)
        {
            return ImageRefusal.TooLongSide(facts.Width, facts.Height, limits.MaxSidePixels);
        }

        if (facts.Bands > limits.MaxBands)
        {
            return ImageRefusal.TooManyBands(facts.Bands);
        }

        if (facts.Pages > limits.MaxPages)
        {
            return ImageRefusal.TooManyFrames(facts.Pages, limits.MaxPages);
        }

        var (needed, how) = WholeDecode(facts);
        return needed > limits.MaxWholeDecodeBytes ? ImageRefusal.NeedsTooMuchMemory(how) : null;
    }

    // Upper bounds, by what each decoder must hold at once: coefficients of two bytes, samples, or planes and their RGB copy.
    private static (long Bytes, string How) WholeDecode(ImageFacts facts)
    {
        var pixels = (long)facts.Width * facts.Height;
        return facts.Kind.Format switch
        {
            ImageFormat.Jpeg when facts.IsInterlaced => (pixels * facts.Bands * 2, "progressive JPEG"),
            ImageFormat.Png when facts.IsInterlaced => (pixels * facts.Bands * 2, "interlaced PNG"),
            ImageFormat.WebP => (pixels * 4, "WebP"),
            ImageFormat.Avif or ImageFormat.Heic => (pixels * 8, facts.Kind.Name),
            _ => (0, ""),
        };
    }
}
