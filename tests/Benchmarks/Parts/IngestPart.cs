using Microsoft.Extensions.Options;
using Proofsheet.Api.Imaging;
using Proofsheet.Benchmarks.Support;
using Proofsheet.DemoPictures;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// CPU of everything that is made of one photo at upload (inspection, three sizes in JPEG and WebP, the master, placeholder, colors), compared with the
/// vips command line making the same seven files.
/// </summary>
internal sealed class IngestPart : IPart
{
    private const int Rounds = 3;

    public string Name => "ingest";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("proofsheet-bench-").FullName;
        var photos = Enumerable.Range(0, 6).Select(number =>
        {
            var path = Path.Combine(folder, $"{number}.jpg");
            File.WriteAllBytes(path, PaintedPictures.Make(number).Jpeg);
            return path;
        }).ToList();
        using var processor = new InProcessImageProcessor(Options.Create(new ImagingOptions()));
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var photo in photos)
            {
                var output = Directory.CreateDirectory(Path.Combine(folder, $"out{round}-{Path.GetFileNameWithoutExtension(photo)}")).FullName;
                var before = Cpu.OfThisProcess();
                await processor.InspectAsync(photo, default);
                var made = await processor.ProcessAsync(new ImageJob(photo, output), default);
                await processor.AddFormatsAsync(new ImageJob(Path.Combine(output, made.Photo!.Master.FileName), output), default);
                var our = Cpu.OfThisProcess() - before;
                var their = new[] { 300, 1200, 2048 }.SelectMany(size => new[] { $"{size}.jpg[Q=80,keep=none]", $"{size}.webp[Q=80,keep=none]" }).Append("2048-master.jpg[Q=92,keep=none]")
                    .Sum(name => Cpu.OfProgram("vipsthumbnail", photo, "-s", $"{name.Split('.', '-')[0]}x{name.Split('.', '-')[0]}>", "-o", Path.Combine(output, "peer-" + name.Replace("keep=none", "strip", StringComparison.Ordinal))));
                // The first round warms up the code and the disk cache.
                if (round > 0)
                {
                    ours.Add(our);
                    theirs.Add(their);
                }
            }
        }

        Directory.Delete(folder, recursive: true);
        return [new Row("ingest of a 10.7 MP JPEG, CPU s", Report.Median(ours), "vipsthumbnail, the same seven files", Report.Median(theirs))];
    }
}
