using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Steps;

/// <summary>From the upright 2048 picture to everything that is kept.</summary>
internal static class OutputSteps
{
    private const int MasterQuality = 92;
    private const int SignalSide = 64;

    public static void MakeSizes(RenditionWork work)
    {
        var larger = work.Image;
        foreach (var size in RenditionSizes.All.OrderDescending())
        {
            var (width, height) = Resizing.Fit(work.Image.Width, work.Image.Height, size);
            using var resized = Resizing.To(larger, width, height);
            larger = work.Sizes[size] = resized.ToMemory();
        }
    }

    public static void ReadSignals(RenditionWork work)
    {
        var thumbnail = work.Sizes[RenditionSizes.Thumbnail];
        var (width, height) = Resizing.Fit(thumbnail.Width, thumbnail.Height, SignalSide);
        using var small = Resizing.To(thumbnail, width, height);
        var pixels = small.ToPixels();
        work.BlurHash = BlurHash.Encode(pixels, width, height);
        work.DominantColours = Palette.Dominant(pixels);
    }

    public static void WriteMaster(RenditionWork work)
    {
        const string name = "master.jpg";
        var bytes = VipsEncode.Master(work.Image, MasterQuality);
        File.WriteAllBytes(Path.Combine(work.Job.OutputFolder, name), bytes);
        work.Master = new RenditionFile(RenditionSizes.Large, RenditionFormat.Jpeg, work.Image.Width, work.Image.Height, name, bytes.Length);
    }

    public static void WriteRenditions(RenditionWork work)
    {
        foreach (var format in VipsRuntime.CanEncodeAvif ? RenditionQuality.Formats : RenditionQuality.FormatsWithoutAvif)
        {
            (int Width, byte[] Bytes)? smaller = null;
            foreach (var (size, image) in work.Sizes)
            {
                // A photograph smaller than a size has the same pixels there: encoded once.
                var bytes = smaller is { } same && same.Width == image.Width ? same.Bytes : Encode(image, format);
                smaller = (image.Width, bytes);
                var name = $"{size}.{format.Extension()}";
                File.WriteAllBytes(Path.Combine(work.Job.OutputFolder, name), bytes);
                work.Renditions.Add(new RenditionFile(size, format, image.Width, image.Height, name, bytes.Length));
            }
        }
    }

    public static byte[] Encode(VipsImage image, RenditionFormat format) => format switch
    {
        RenditionFormat.Avif => VipsEncode.Avif(image, RenditionQuality.Avif, RenditionQuality.AvifEffort),
        RenditionFormat.WebP => VipsEncode.WebP(image, RenditionQuality.WebP, RenditionQuality.WebPEffort),
        _ => VipsEncode.Jpeg(image, RenditionQuality.Jpeg),
    };
}

/// <summary>What visitors get.</summary>
internal static class RenditionQuality
{
    public const int Jpeg = 82;
    public const int WebP = 80;

    /// <summary>Twice as fast as libwebp's default, for a few percent of size.</summary>
    public const int WebPEffort = 2;

    /// <summary>As close to the original as the WebP, in five sixths of its bytes.</summary>
    public const int Avif = 60;

    /// <summary>The next effort costs two and a half times as much for six percent of the bytes.</summary>
    public const int AvifEffort = 0;

    public static readonly IReadOnlyList<RenditionFormat> Formats = Enum.GetValues<RenditionFormat>();

    public static readonly IReadOnlyList<RenditionFormat> FormatsWithoutAvif = [.. Formats.Where(f => f != RenditionFormat.Avif)];
}
