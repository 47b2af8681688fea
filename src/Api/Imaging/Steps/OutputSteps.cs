using NetVips;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Steps;

/// <summary>From the upright 2048-pixel picture to everything that is stored.</summary>
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
            larger = work.Sizes[size] = resized.CopyMemory();
        }
    }

    public static void ReadSignals(RenditionWork work)
    {
        var thumbnail = work.Sizes[RenditionSizes.Thumbnail];
        var pixels = thumbnail.Samples;
        var (difference, perceptual) = PictureHashes.Of(pixels, thumbnail.Width, thumbnail.Height);
        var (width, height) = Resizing.Fit(thumbnail.Width, thumbnail.Height, SignalSide);
        var small = Shrink(pixels, thumbnail.Width, thumbnail.Height, width, height);
        var preview = work.Sizes[RenditionSizes.Preview];
        work.Signals = new PictureSignals(
            BlurHash.Encode(small, width, height),
            Palette.Dominant(small),
            difference,
            perceptual,
            Math.Round(Sharpness.Of(preview.Samples, preview.Width, preview.Height), 2));
    }

    // Averages of whole pixels: a placeholder and five colors need no better filter.
    private static byte[] Shrink(ReadOnlySpan<byte> pixels, int width, int height, int newWidth, int newHeight)
    {
        var small = new byte[3 * newWidth * newHeight];
        for (var at = 0; at < small.Length; at += 3)
        {
            var (x, y) = (at / 3 % newWidth, at / 3 / newWidth);
            var (left, right) = (x * width / newWidth, (x + 1) * width / newWidth);
            var (top, bottom) = (y * height / newHeight, (y + 1) * height / newHeight);
            var (r, g, b, count) = (0, 0, 0, (right - left) * (bottom - top));
            for (var row = top; row < bottom; row++)
            {
                for (var from = 3 * (row * width + left); from < 3 * (row * width + right); from += 3)
                {
                    r += pixels[from];
                    g += pixels[from + 1];
                    b += pixels[from + 2];
                }
            }

            (small[at], small[at + 1], small[at + 2]) = ((byte)(r / count), (byte)(g / count), (byte)(b / count));
        }

        return small;
    }

    public static void WriteMaster(RenditionWork work)
    {
        const string name = "master.jpg";
        var bytes = VipsEncode.Master(work.Image, MasterQuality);
        File.WriteAllBytes(Path.Combine(work.Job.OutputFolder, name), bytes);
        work.Master = new RenditionFile(RenditionSizes.Large, RenditionFormat.Jpeg, work.Image.Width, work.Image.Height, name, bytes.Length);
    }

    public static void WriteJpeg(RenditionWork work) => Write(work, RenditionFormat.Jpeg);

    public static void WriteOtherFormats(RenditionWork work)
    {
        foreach (var format in VipsRuntime.CanEncodeAvif ? RenditionQuality.OtherFormats : RenditionQuality.OtherFormatsWithoutAvif)
        {
            Write(work, format);
        }
    }

    private static void Write(RenditionWork work, RenditionFormat format)
    {
        (int Width, byte[] Bytes)? smaller = null;
        foreach (var (size, image) in work.Sizes)
        {
            // A photograph smaller than a size has the same pixels in it, so it is encoded once.
            var bytes = smaller is { } same && same.Width == image.Width ? same.Bytes : Encode(image, format);
            smaller = (image.Width, bytes);
            var name = $"{size}.{format.Extension()}";
            File.WriteAllBytes(Path.Combine(work.Job.OutputFolder, name), bytes);
            work.Renditions.Add(new RenditionFile(size, format, image.Width, image.Height, name, bytes.Length));
        }
    }

    public static byte[] Encode(Image image, RenditionFormat format) => format switch
    {
        RenditionFormat.Avif => VipsEncode.Avif(image, RenditionQuality.Avif(image), RenditionQuality.AvifEffort),
        RenditionFormat.WebP => VipsEncode.WebP(image, RenditionQuality.WebP, RenditionQuality.WebPEffort),
        _ => VipsEncode.Jpeg(image, RenditionQuality.Jpeg),
    };
}

/// <summary>The quality of what visitors get; measured in docs/image-quality.md.</summary>
internal static class RenditionQuality
{
    public const int Jpeg = 82;
    public const int WebP = 80;

    /// <summary>Less than half the CPU time of libwebp's default, for a few percent more bytes.</summary>
    public const int WebPEffort = 2;

    /// <summary>The next higher effort costs two and a half times as much and saves a few percent of the bytes.</summary>
    public const int AvifEffort = 0;

    private const int SmallSide = 600;

    /// <summary>As close to the original as the WebP, with fewer bytes. Small pictures, in which single pixels are details, need more quality.</summary>
    public static int Avif(Image image) => Math.Max(image.Width, image.Height) <= SmallSide ? 60 : 55;

    public static readonly IReadOnlyList<RenditionFormat> OtherFormats = [RenditionFormat.WebP, RenditionFormat.Avif];

    public static readonly IReadOnlyList<RenditionFormat> OtherFormatsWithoutAvif = [RenditionFormat.WebP];
}
