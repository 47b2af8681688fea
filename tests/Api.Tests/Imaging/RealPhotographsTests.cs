using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.Metadata;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>The photographs in ../shared/photos; skipped if the folder is not next to the checkout.</summary>
[Trait("Suite", "Ci")]
public sealed class RealPhotographsTests : IDisposable
{
    private readonly ImagingHost imaging = new();

    public void Dispose() => imaging.Dispose();

    [Fact]
    public async Task Every_photograph_is_ready_or_refused_with_a_reason()
    {
        var wrong = new List<string>();
        foreach (var (name, row) in SharedFolder.SomePhotographs())
        {
            var (outcome, output) = await imaging.ProcessAsync(Path.Combine(SharedFolder.Photos, name), TestContext.Current.CancellationToken);
            var isHeic = row["format"] is "HEIC" or "HEIF";
            if (isHeic && !HeifPicture.CanDecode)
            {
                Check(wrong, name, outcome.Refusal?.Code == ImageRefusal.NoCodecCode && outcome.Refusal.Message.Contains("JPEG", StringComparison.Ordinal), $"refused as HEIC, was {outcome}");
                continue;
            }

            if (outcome.Photo is not { } photo)
            {
                wrong.Add($"{name}: {outcome.Refusal}");
                continue;
            }

            var (width, height) = (int.Parse(row["width"], null), int.Parse(row["height"], null));
            var turned = photo.Orientation >= 5;
            Check(wrong, name, (photo.Width, photo.Height) == (turned ? (height, width) : (width, height)), $"size {photo.Width}x{photo.Height} of {width}x{height} turned {photo.Orientation}");
            Check(wrong, name, photo.Renditions.Count == 3 && photo.Renditions.All(r => new FileInfo(Path.Combine(output, r.FileName)).Length == r.Bytes), "three files");
            Check(wrong, name, photo.Renditions.All(r => Math.Max(r.Width, r.Height) == Math.Min(r.SizePixels, Math.Max(width, height))), "longest sides");
            Check(wrong, name, photo.Signals.BlurHash.Length == 28 && photo.Signals.DominantColors.Count is >= 1 and <= 5, "signals");
            CheckMetadata(wrong, name, row, photo.Metadata);
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("landscape")]
    [InlineData("portrait")]
    public async Task All_eight_orientations_come_out_looking_the_same(string series)
    {
        var looks = new List<double[]>();
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var (outcome, output) = await imaging.ProcessAsync(Path.Combine(SharedFolder.Photos, $"{series}-{orientation}.jpg"), TestContext.Current.CancellationToken);
            Assert.Equal(orientation, outcome.Photo!.Orientation);
            Assert.Equal(series == "landscape", outcome.Photo.Width > outcome.Photo.Height);
            looks.Add(Look(Path.Combine(output, "300.jpg")));
        }

        // Each file of a series was saved separately, with its number painted on: the same to the eye, but not bit for bit.
        Assert.All(looks, look => Assert.True(Difference(looks[0], look) < 12, $"differs by {Difference(looks[0], look):0.0}"));
        Assert.True(Difference(looks[0], [.. Enumerable.Reverse(looks[0])]) > 25, "the measure tells a turned picture from an upright one");
    }

    private static void CheckMetadata(List<string> wrong, string name, IReadOnlyDictionary<string, string> row, PhotoMetadata metadata)
    {
        Check(wrong, name, metadata.HasGps == (row["gps"] == "yes"), $"gps {metadata.Gps} against {row["gps"]}");
        var camera = $"{metadata.CameraMake} {metadata.CameraModel}".Trim();
        Check(wrong, name, camera == row["camera"], $"camera '{camera}' against '{row["camera"]}'");
        var taken = metadata.TakenAtLocal?.ToString("yyyy:MM:dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) ?? "";
        Check(wrong, name, taken == row["taken_at"], $"taken '{taken}' against '{row["taken_at"]}'");
    }

    private static void Check(List<string> wrong, string name, bool holds, string what)
    {
        if (!holds)
        {
            wrong.Add($"{name}: {what}");
        }
    }

    internal static double[] Look(string path)
    {
        using var image = Image.Jpegload(path);
        using var small = image.Resize(12.0 / image.Width, vscale: 12.0 / image.Height);
        return [.. small.WriteToMemory<byte>().Select(p => (double)p)];
    }

    internal static double Difference(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();
}
