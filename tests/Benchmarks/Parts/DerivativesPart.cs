using NetVips;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Steps;
using Proofsheet.Benchmarks.Support;
using Proofsheet.DemoPictures;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// Three derivatives of a 24-megapixel JPEG, compared with a C program on the same library, sharp, and the vips command line; CPU and memory of each.
/// </summary>
internal sealed class DerivativesPart : IPart
{
    private const int Photos = 5;
    private const int Rounds = 5;

    public string Name => "derivatives";

    public Task<IReadOnlyList<Row>> RunAsync()
    {
        using var temporary = new Temporary();
        var folder = temporary.Folder;
        var photos = Enumerable.Range(0, Photos).Select(number => LargePhoto(folder, number)).ToArray();
        var native = NativePeer.Compile("derivatives", folder);
        var script = Path.Combine(Checkout.Root, "tests", "Benchmarks", "npm", "derivatives.mjs");
        (string Name, Func<Derivatives.Cost> Make)[] makers =
        [
            ("ours", () => Derivatives.Ours("webp4", folder, photos)),
            ("native", () => Derivatives.OnOurAllocator(native, ["webp4", folder, .. photos])),
            ("one", () => Derivatives.Of("node", [script, "one", folder, .. photos])),
            ("three", () => Derivatives.Of("node", [script, "three", folder, .. photos])),
            ("vips", () => new(photos[1..].Average(photo => VipsPrograms(folder, photo)), 0)),
            ("ours, webp2", () => Derivatives.Ours("webp2", folder, photos)),
            ("ours, avif0", () => Derivatives.Ours("avif0", folder, photos)),
            ("signals", () => new(photos[1..].Average(photo => Derivatives.SignalSeconds(folder, photo)), 0)),
        ];
        var costs = makers.ToDictionary(m => m.Name, _ => new List<Derivatives.Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, make) in makers)
            {
                costs[name].Add(make());
            }
        }

        double Seconds(string name) => Report.Median(costs[name].Select(c => c.CpuSeconds));
        double Megabytes(string name) => Report.Median(costs[name].Select(c => c.PeakMegabytes));
        return Task.FromResult<IReadOnlyList<Row>>(
        [
            new Row("derivative set of a 24 MP JPEG, CPU s", Seconds("ours"), "C on the same libvips", Seconds("native")),
            new Row("derivative set, CPU s", Seconds("ours"), "sharp, one decode", Seconds("one")),
            new Row("derivative set, CPU s", Seconds("ours"), "sharp, three pipelines", Seconds("three")),
            new Row("derivative set, CPU s", Seconds("ours"), "vips programs", Seconds("vips")),
            new Row("derivative set with WebP of effort 2, CPU s", Seconds("ours, webp2"), "C, WebP of effort 4", Seconds("native")),
            new Row("derivative set with AVIF of effort 0, CPU s", Seconds("ours, avif0"), "C, WebP of effort 4", Seconds("native")),
            new Row("search signals, CPU s", Seconds("signals"), "the derivative set", Seconds("ours")),
            new Row("peak memory of the set, MB", Megabytes("ours"), "C on the same libvips", Megabytes("native")),
            new Row("peak memory of the set, MB", Megabytes("ours"), "sharp, one decode", Megabytes("one")),
            new Row("peak memory of the set, MB", Megabytes("ours"), "sharp, three pipelines", Megabytes("three")),
        ]);
    }

    public static string LargePhoto(string folder, int number)
    {
        using var small = Image.JpegloadBuffer(PaintedPictures.Make(number).Jpeg);
        var scale = Math.Sqrt(24e6 / ((double)small.Width * small.Height));
        using var large = Resizing.To(small, (int)(small.Width * scale), (int)(small.Height * scale));
        var path = Path.Combine(folder, $"{number}.jpg");
        File.WriteAllBytes(path, VipsEncode.Jpeg(large, 90));
        return path;
    }

    // What a script would do: three thumbnails, one of which a fourth program draws on.
    private static double VipsPrograms(string folder, string photo)
    {
        string To(string name) => Path.Combine(folder, "vips-" + name);
        return Cpu.OfProgram("vips", "thumbnail", photo, To("300.jpg[Q=80,strip]"), "300", "--height", "300")
            + Cpu.OfProgram("vips", "thumbnail", photo, To("1200.webp[Q=80,strip]"), "1200", "--height", "1200")
            + Cpu.OfProgram("vips", "thumbnail", photo, To("2048.v"), "2048", "--height", "2048")
            + Cpu.OfProgram("vips", "text", To("mark.v"), "© Anna Fischer", "--font", "sans-serif Bold 68", "--dpi", "72")
            + Cpu.OfProgram("vips", "composite2", To("2048.v"), To("mark.v"), To("2048.jpg[Q=80,strip]"), "over", "--x", "1500", "--y", "1200");
    }
}
