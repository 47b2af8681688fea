using NetVips;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Metadata;

namespace Proofsheet.Api.Imaging;

/// <summary>
/// Facts from a header, before anything is decoded. Width and height are those of the decoded picture before orientation: a HEIC
/// is already upright, and for a camera RAW they are those of its preview.
/// </summary>
internal sealed record ImageFacts
{
    public required SniffedFormat Kind { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>1 to 8 as in EXIF; any other value in the file counts as 1.</summary>
    public required int Orientation { get; init; }
    public required int Bands { get; init; }
    public required int Pages { get; init; }
    public required bool HasAlpha { get; init; }
    public required bool HasProfile { get; init; }

    /// <summary>A progressive JPEG or interlaced PNG, which is decoded whole before the first pixel is available.</summary>
    public required bool IsInterlaced { get; init; }
    public required long Bytes { get; init; }
}

/// <summary>Either the facts or the refusal.</summary>
internal sealed record ImageInspection(ImageFacts? Facts, ImageRefusal? Refusal)
{
    public static implicit operator ImageInspection(ImageFacts facts) => new(facts, null);

    public static implicit operator ImageInspection(ImageRefusal refusal) => new(null, refusal);
}

/// <summary>Reads a header and checks it against the limits before anything is decoded.</summary>
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
            var facts = kind.Format switch
            {
                ImageFormat.Heic => ReadHeic(kind, path, bytes, limits),
                ImageFormat.Raw => ReadRaw(kind, path, bytes),
                _ => ReadHeader(kind, path, bytes),
            };
            return (Judge(facts, limits) ?? JudgeScans(facts, path, limits)) is { } tooMuch ? tooMuch : facts;
        }
        catch (DecodeException broken)
        {
            return broken.Refusal;
        }
        catch (VipsException broken)
        {
            return VipsErrors.ToRefusal(broken);
        }
    }

    public static ImageRefusal? RefuseKind(SniffedFormat kind) => kind.Format switch
    {
        ImageFormat.Unknown => ImageRefusal.NotAnImage(),
        ImageFormat.Unsupported => ImageRefusal.Unsupported(kind.Name),
        ImageFormat.Raw when !RawPreview.CanRead => ImageRefusal.NoRawCodec(kind.Name),
        ImageFormat.Heic when !HeifPicture.CanDecode => ImageRefusal.NoHeicCodec(),
        _ => null,
    };

    private static ImageFacts ReadHeic(SniffedFormat kind, string path, long bytes, ImageLimits limits)
    {
        using var picture = HeifPicture.Open(path, limits.MaxPixels);
        return new ImageFacts
        {
            Kind = kind,
            Width = picture.Width,
            Height = picture.Height,
            Orientation = 1,
            Bands = picture.HasAlpha ? 4 : 3,
            Pages = Math.Max(1, picture.Pictures),
            HasAlpha = picture.HasAlpha,
            HasProfile = picture.Profile() is not null,
            IsInterlaced = false,
            Bytes = bytes,
        };
    }

    private static ImageFacts ReadRaw(SniffedFormat kind, string path, long bytes)
    {
        using var preview = RawPreview.Read(kind, path).Open(jpegShrink: 1);
        if (Math.Max(preview.Width, preview.Height) < RenditionSizes.Thumbnail)
        {
            throw new DecodeException("libraw", "no more than a thumbnail", ImageRefusal.NoPreview(kind.Name));
        }

        // libraw writes the camera's orientation into a preview that has no EXIF of its own.
        var facts = Read(preview, kind, bytes);
        return preview.Contains("orientation") ? facts : facts with { Orientation = PhotoMetadataReader.ReadOrientation(path) };
    }

    private static ImageFacts ReadHeader(SniffedFormat kind, string path, long bytes)
    {
        using var header = ImageLoader.OpenHeader(kind.Format, path);
        return Read(header, kind, bytes);
    }

    private static ImageFacts Read(Image header, SniffedFormat kind, long bytes)
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
            HasAlpha = header.HasAlpha(),
            HasProfile = header.Contains("icc-profile-data"),
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

    private static ImageRefusal? JudgeScans(ImageFacts facts, string path, ImageLimits limits) =>
        facts is { Kind.Format: ImageFormat.Jpeg, IsInterlaced: true } && JpegScans.Count(path, limits.MaxScans + 1) > limits.MaxScans
            ? ImageRefusal.TooManyScans(limits.MaxScans)
            : null;

    // Upper bounds of what each decoder holds at once: coefficients of two bytes, samples, or planes and their RGB copy.
    private static (long Bytes, string How) WholeDecode(ImageFacts facts)
    {
        var pixels = (long)facts.Width * facts.Height;
        return facts.Kind.Format switch
        {
            ImageFormat.Jpeg or ImageFormat.Raw when facts.IsInterlaced => (pixels * facts.Bands * 2, "progressive JPEG"),
            ImageFormat.Png when facts.IsInterlaced => (pixels * facts.Bands * 2, "interlaced PNG"),
            ImageFormat.WebP => (pixels * 4, "WebP"),
            ImageFormat.Avif or ImageFormat.Heic => (pixels * 8, facts.Kind.Name),
            _ => (0, ""),
        };
    }
}
