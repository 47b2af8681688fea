using System.Collections.Concurrent;
using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Steps;
using Proofsheet.DemoPictures;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>The signals by which near-duplicates are found, and soft pictures are told from sharp ones.</summary>
public sealed class PictureSignalsTests : IDisposable
{
    private const int NearlyTheSame = 10;
    private const int OtherPicture = 12;

    private static readonly ConcurrentDictionary<int, byte[]> Painted = new();

    private readonly ImagingHost imaging = new();

    public void Dispose() => imaging.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Resized_recompressed_or_lightened_it_is_nearly_the_same_picture(int number)
    {
        using var picture = DemoPicture(number);
        var signals = await SignalsAsync(VipsEncode.Jpeg(picture, 92));

        foreach (var (what, changed) in new (string, byte[])[]
        {
            ("half as large", VipsEncode.Jpeg(Resizing.To(picture, picture.Width / 2, picture.Height / 2), 92)),
            ("a thumbnail", VipsEncode.Jpeg(Resizing.To(picture, picture.Width / 5, picture.Height / 5), 85)),
            ("badly compressed", VipsEncode.Jpeg(picture, 25)),
            ("WebP", VipsEncode.WebP(picture, 60, 2)),
            ("lighter", VipsEncode.Jpeg(Light(picture, 1, 18), 90)),
            ("of more contrast", VipsEncode.Jpeg(Light(picture, 1.15, -12), 90)),
            ("gray", VipsEncode.Jpeg(picture.Colourspace(Enums.Interpretation.Bw), 90)),
        })
        {
            var other = await SignalsAsync(changed);
            Assert.True(PictureHashes.Distance(signals.DifferenceHash, other.DifferenceHash) <= NearlyTheSame, $"dHash, {what}: {PictureHashes.Distance(signals.DifferenceHash, other.DifferenceHash)}");
            Assert.True(PictureHashes.Distance(signals.PerceptualHash, other.PerceptualHash) <= NearlyTheSame, $"pHash, {what}: {PictureHashes.Distance(signals.PerceptualHash, other.PerceptualHash)}");
        }
    }

    [Fact]
    public async Task Other_pictures_are_far()
    {
        var all = new List<PictureSignals>();
        foreach (var number in new[] { 0, 1, 2, 3, 6, 7, 8 })
        {
            using var picture = DemoPicture(number);
            all.Add(await SignalsAsync(VipsEncode.Jpeg(picture, 90)));
        }

        var pairs = all.SelectMany((a, i) => all.Skip(i + 1).Select(b => (a, b))).ToList();
        Assert.All(pairs, p => Assert.True(PictureHashes.Distance(p.a.DifferenceHash, p.b.DifferenceHash) > OtherPicture, $"dHash {PictureHashes.Distance(p.a.DifferenceHash, p.b.DifferenceHash)}"));
        Assert.All(pairs, p => Assert.True(PictureHashes.Distance(p.a.PerceptualHash, p.b.PerceptualHash) > OtherPicture, $"pHash {PictureHashes.Distance(p.a.PerceptualHash, p.b.PerceptualHash)}"));
    }

    [Fact]
    public async Task A_mirrored_picture_is_another_one()
    {
        using var picture = DemoPicture(0);
        using var mirrored = picture.Flip(Enums.Direction.Horizontal);

        var (one, other) = (await SignalsAsync(VipsEncode.Jpeg(picture, 90)), await SignalsAsync(VipsEncode.Jpeg(mirrored, 90)));

        Assert.True(PictureHashes.Distance(one.DifferenceHash, other.DifferenceHash) > OtherPicture);
        Assert.True(PictureHashes.Distance(one.PerceptualHash, other.PerceptualHash) > OtherPicture);
    }

    [Fact]
    public async Task The_more_it_is_blurred_the_less_sharp_it_is()
    {
        using var picture = DemoPicture(0);
        var sharpness = new List<double>();
        foreach (var sigma in new[] { 0, 1.5, 3, 8 })
        {
            using var blurred = sigma == 0 ? picture.Copy() : picture.Gaussblur(sigma);
            sharpness.Add((await SignalsAsync(VipsEncode.Jpeg(blurred, 95))).Sharpness);
        }

        Assert.Equal(sharpness.OrderDescending(), sharpness);
        Assert.True(sharpness[0] > 3 * sharpness[2], string.Join(", ", sharpness));
    }

    [Fact]
    public async Task A_sharp_subject_before_a_soft_ground_is_sharp()
    {
        using var picture = DemoPicture(0);
        using var soft = picture.Gaussblur(8.0);
        using var subject = picture.ExtractArea(350, 200, 300, 250);
        using var portrait = soft.Insert(subject, 350, 200);

        var (whole, part, none) = (await SharpnessAsync(picture), await SharpnessAsync(portrait), await SharpnessAsync(soft));

        Assert.True(part > 0.25 * whole && part > 10 * none, $"{whole} {part} {none}");

        async Task<double> SharpnessAsync(Image image) => (await SignalsAsync(VipsEncode.Jpeg(image, 95))).Sharpness;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 700)]
    [InlineData(700, 2)]
    [InlineData(64, 3)]
    public async Task The_smallest_pictures_have_signals_too(int width, int height)
    {
        var signals = await SignalsAsync(TestPictures.Jpeg(width, height, seed: 5));

        Assert.True(double.IsFinite(signals.Sharpness) && signals.Sharpness >= 0);
        Assert.Equal(28, signals.BlurHash.Length);
    }

    [Fact]
    public async Task A_flat_picture_has_no_sharpness()
    {
        using var flat = VipsPixels.ToImage(Enumerable.Repeat((byte)120, 400 * 300 * 3).ToArray(), 400, 300, 3);

        Assert.Equal(0, (await SignalsAsync(VipsEncode.Png(flat))).Sharpness);
    }

    private async Task<PictureSignals> SignalsAsync(byte[] picture) => (await imaging.ReadyAsync(picture)).Photo.Signals;

    // In a size that is quick to process; painted once.
    private static Image DemoPicture(int number)
    {
        using var picture = Image.JpegloadBuffer(Painted.GetOrAdd(number, n => PaintedPictures.Make(n, longEdge: 1000).Jpeg));
        return picture.CopyMemory();
    }

    private static Image Light(Image picture, double times, double plus) =>
        picture.Linear([times], [plus], uchar: true);
}
