using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Benchmarks.Support;
using Proofsheet.DemoPictures;

namespace Proofsheet.Benchmarks.Quality;

/// <summary>
/// The table of docs/image-quality.md: bytes, similarity and CPU of each way to encode a size, over the photos in a folder, or over demo pictures
/// without one.
/// </summary>
internal static class QualityTable
{
    private const int DemoCount = 6;
    private const int CropSide = 320;

    private static readonly (string Name, string Suffix, Func<Image, byte[]> Encode)[] Encodings =
    [
        ("JPEG 82", "jpg", image => VipsEncode.Jpeg(image, 82)),
        ("JPEG 75", "jpg", image => VipsEncode.Jpeg(image, 75)),
        ("JPEG 88", "jpg", image => VipsEncode.Jpeg(image, 88)),
        ("WebP 75, effort 2", "webp", image => VipsEncode.WebP(image, 75, 2)),
        ("WebP 80, effort 2", "webp", image => VipsEncode.WebP(image, 80, 2)),
        ("WebP 80, effort 4", "webp", image => VipsEncode.WebP(image, 80, 4)),
        ("WebP 85, effort 2", "webp", image => VipsEncode.WebP(image, 85, 2)),
        ("AVIF 50, effort 0", "avif", image => VipsEncode.Avif(image, 50, 0)),
        ("AVIF 55, effort 0", "avif", image => VipsEncode.Avif(image, 55, 0)),
        ("AVIF 60, effort 0", "avif", image => VipsEncode.Avif(image, 60, 0)),
        ("AVIF 65, effort 0", "avif", image => VipsEncode.Avif(image, 65, 0)),
        ("AVIF 60, effort 1", "avif", image => VipsEncode.Avif(image, 60, 1)),
        ("AVIF 60, effort 2", "avif", image => VipsEncode.Avif(image, 60, 2)),
    ];

    public static int Run(string[] arguments)
    {
        var crops = Array.IndexOf(arguments, "--crops") is >= 0 and var at ? Directory.CreateDirectory(arguments[at + 1]).FullName : null;
        using var temporary = new Temporary();
        var photos = arguments is [var folder, ..] && !folder.StartsWith("--", StringComparison.Ordinal) ? Photographs(folder) : Demo(temporary.Folder);
        Console.WriteLine($"{photos.Count} photographs.\n\n| size | encoding | bytes | MS-SSIM | CPU |\n|---:|---|---:|---:|---:|");
        foreach (var size in RenditionSizes.All)
        {
            var costs = Encodings.Select(_ => new List<(double Bytes, double Likeness, double Cpu)>()).ToArray();
            foreach (var photo in photos)
            {
                using var opened = Image.Thumbnail(photo, size, height: size, size: Enums.Size.Down);
                using var picture = opened.CopyMemory();
                Measure(picture, costs, crops is null ? null : Path.Combine(crops, $"{Path.GetFileNameWithoutExtension(photo)}-{size}.png"));
            }

            for (var i = 0; i < Encodings.Length; i++)
            {
                // Relative to the first, picture by picture, so that neither a large photo nor a busy moment weighs more than others.
                var (bytes, cpu) = (Mean(i, c => c.Bytes), Mean(i, c => c.Cpu));
                Console.WriteLine($"| {size} | {Encodings[i].Name} | {bytes:0.00} | {costs[i].Average(c => c.Likeness):0.0000} | {cpu:0.0} |");
            }

            double Mean(int encoding, Func<(double Bytes, double Likeness, double Cpu), double> of) =>
                Report.Median(costs[encoding].Zip(costs[0], (c, first) => of(c) / of(first)));
        }

        return 0;
    }

    private static void Measure(Image picture, List<(double, double, double)>[] costs, string? crops)
    {
        var original = new Similarity(picture);
        List<Image> shown = [];
        // Warms up code and memory, which the first encoding would otherwise pay for.
        _ = Encodings[0].Encode(picture);
        for (var i = 0; i < Encodings.Length; i++)
        {
            var before = Cpu.OfThisProcess();
            var bytes = Encodings[i].Encode(picture);
            var cpu = Cpu.OfThisProcess() - before;
            using var decoded = Decode(bytes, Encodings[i].Suffix);
            costs[i].Add((bytes.Length, original.To(decoded), cpu));
            if (crops is not null && Encodings[i].Name is "JPEG 82" or "WebP 80, effort 2" or "AVIF 55, effort 0")
            {
                shown.Add(Crop(decoded));
            }
        }

        if (crops is not null)
        {
            SideBySide([Crop(picture), .. shown], crops);
        }
    }

    private static Image Decode(byte[] bytes, string suffix)
    {
        using var lazy = suffix switch { "avif" => Image.HeifloadBuffer(bytes), "webp" => Image.WebploadBuffer(bytes), _ => Image.JpegloadBuffer(bytes) };
        return lazy.CopyMemory();
    }

    private static Image Crop(Image image)
    {
        var (width, height) = (Math.Min(CropSide, image.Width), Math.Min(CropSide, image.Height));
        using var part = image.ExtractArea((image.Width - width) / 2, (image.Height - height) / 2, width, height);
        return part.CopyMemory();
    }

    // The picture itself, then JPEG, WebP and AVIF as delivered.
    private static void SideBySide(List<Image> parts, string path)
    {
        var joined = parts[0];
        foreach (var part in parts.Skip(1))
        {
            joined = joined.Join(part, Enums.Direction.Horizontal, shim: 4);
        }

        File.WriteAllBytes(path, VipsEncode.Png(joined));
    }

    private static List<string> Photographs(string folder) =>
    [
        .. Directory.EnumerateFiles(folder).Where(f => ImageInspector.Inspect(f, ImageLimits.Default).Facts is { Kind.Format: ImageFormat.Jpeg, Bands: 3 } facts
            && Math.Max(facts.Width, facts.Height) >= RenditionSizes.Large).Order(StringComparer.Ordinal),
    ];

    private static List<string> Demo(string folder) =>
    [
        .. Enumerable.Range(0, DemoCount).Select(number =>
        {
            var path = Path.Combine(folder, $"demo-{number}.jpg");
            File.WriteAllBytes(path, PaintedPictures.Make(number).Jpeg);
            return path;
        }),
    ];

}
