using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.DemoPictures;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class HeicTests : IDisposable
{
    private const int P3 = 12;
    private const int Bt2020 = 9;
    private const int Pq = 16;
    private const int Srgb = 13;

    private readonly ImagingHost imaging = new();

    public void Dispose() => imaging.Dispose();

    [Theory]
    [InlineData(8, false)]
    [InlineData(10, false)]
    [InlineData(8, true)]
    public async Task Colors_come_out_as_they_were(int bits, bool hasAlpha)
    {
        using var picture = KnownColors.Picture(hasAlpha);
        var (photo, output) = await imaging.ReadyAsync(HeicPictures.Make(picture, bits: bits));

        Assert.Equal((ImageFormat.Heic, KnownColors.Width, KnownColors.Height), (photo.Kind.Format, photo.Width, photo.Height));
        var (difference, found) = KnownColors.Compare(Path.Combine(output, "300.jpg"));
        Assert.True(difference <= 5, found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wide_colors_are_converted_whether_a_profile_or_numbers_say_so(bool byProfile)
    {
        HeicPictures.Need();
        using var picture = KnownColors.Picture();
        using var wide = picture.IccTransform("p3", inputProfile: "srgb");
        var file = byProfile
            ? HeicPictures.Make(wide, profile: wide.GetBlob("icc-profile-data")!)
            : HeicPictures.Make(wide, nclx: (P3, Srgb));

        var (_, output) = await imaging.ReadyAsync(file);

        var (difference, found) = KnownColors.Compare(Path.Combine(output, "300.jpg"));
        Assert.True(difference <= 5, found);
    }

    [Fact]
    public async Task A_picture_of_high_dynamic_range_is_shown_in_the_brightness_it_means()
    {
        HeicPictures.Need();
        // A gray card at a fifth of paper white, and a light four times as bright as paper.
        var gray = PqSignal(203 * 0.2);
        var light = PqSignal(203 * 4);
        using var picture = VipsPixels.ToImage([.. Enumerable.Range(0, 600 * 400).SelectMany(i => Enumerable.Repeat(i % 600 < 300 ? gray : light, 3))], 600, 400, 3);

        var (_, output) = await imaging.ReadyAsync(HeicPictures.Make(picture, bits: 10, nclx: (Bt2020, Pq)));

        var (r, g, b) = ImagingHost.ColorAt(Path.Combine(output, "300.jpg"), 0.25, 0.5);
        Assert.All([r, g, b], sample => Assert.InRange(sample, 117, 131));
        Assert.All([.. new[] { ImagingHost.ColorAt(Path.Combine(output, "300.jpg"), 0.75, 0.5).G }], sample => Assert.InRange(sample, 245, 255));
    }

    [Fact]
    public async Task It_is_turned_once_although_two_places_say_how()
    {
        using var upright = TestPictures.Picture(900, 600, seed: 3);
        double[]? first = null;
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            using var stored = TestPictures.Stored(upright, orientation);
            using var tagged = TestPictures.Exif(3, orientation).On(stored);
            var exif = ExifOf(ExifFields.Save(tagged, 50));

            var (photo, output) = await imaging.ReadyAsync(HeicPictures.Make(stored, orientation, exif: exif));

            Assert.Equal((900, 600), (photo.Width, photo.Height));
            Assert.Equal("Proofsheet Test 3", photo.Metadata.Camera);
            var look = RealPhotographsTests.Look(Path.Combine(output, "300.jpg"));
            first ??= look;
            Assert.True(RealPhotographsTests.Difference(first, look) < 2, $"orientation {orientation} differs by {RealPhotographsTests.Difference(first, look)}");
        }
    }

    [Fact]
    public async Task Limits_hold_before_it_is_decoded_and_damage_is_told()
    {
        using var picture = TestPictures.Picture(900, 600, seed: 4);
        var whole = HeicPictures.Make(picture);

        Assert.Equal(ImageRefusal.ImageTooLargeCode, ImageInspector.Inspect(imaging.Write(whole), ImageLimits.Default with { MaxPixels = 500_000 }).Refusal?.Code);
        Assert.Equal(ImageRefusal.ImageTooLargeCode, ImageInspector.Inspect(imaging.Write(whole), ImageLimits.Default with { MaxWholeDecodeBytes = 1_000_000 }).Refusal?.Code);
        for (var share = 0.1; share < 1; share += 0.1)
        {
            var (outcome, _) = await imaging.ProcessAsync(imaging.Write(whole[..(int)(share * whole.Length)]), TestContext.Current.CancellationToken);
            Assert.Contains(outcome.Refusal?.Code, new[] { ImageRefusal.ImageTruncatedCode, ImageRefusal.ImageCorruptCode });
        }
    }

    [Fact]
    public async Task Without_the_library_the_answer_names_it_and_with_it_the_same_file_is_made()
    {
        using var picture = KnownColors.Picture();
        using var without = new ImagingHost(("LibHeifPath", "none"));
        var path = imaging.Write(HeicPictures.Make(picture));

        var inspection = await without.Processor.InspectAsync(path, TestContext.Current.CancellationToken);
        var (refused, _) = await without.ProcessAsync(path, TestContext.Current.CancellationToken);
        var (made, _) = await imaging.ProcessAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(inspection.Refusal, refused.Refusal);
        Assert.Equal((ImageRefusal.NoCodecCode, true), (refused.Refusal!.Code, refused.Refusal.KeepsOriginal));
        Assert.Contains("libheif1", refused.Refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(made.Photo);
    }

    [Fact]
    public void A_library_is_found_as_soon_as_it_is_there()
    {
        HeicPictures.Need();
        var folder = Directory.CreateDirectory(Path.Combine(imaging.Folder, "libraries")).FullName;
        var library = new OptionalLibrary("PROOFSHEET_NO_SUCH_LIBRARY") { ConfiguredPath = Path.Combine(folder, "libheif.so") };

        Assert.False(library.IsThere);
        var installed = File.ReadAllLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).First(file => file.Contains("libheif.so", StringComparison.Ordinal));
        File.Copy(installed, Path.Combine(folder, "libheif.so"));

        Assert.True(library.IsThere);
    }

    [Fact]
    public void Numbers_that_mean_sRGB_need_no_profile_and_others_make_one_that_is_not_sRGB()
    {
        Assert.Null(NclxProfile.Make(1, 13));
        Assert.Null(NclxProfile.Make(2, 2));
        Assert.All([NclxProfile.Make(P3, Srgb), NclxProfile.Make(Bt2020, Pq), NclxProfile.Make(1, 18)], profile =>
        {
            Assert.True(IccProfile.IsUsable(profile));
            Assert.False(IccProfile.IsSrgb(profile));
        });
    }

    private static byte PqSignal(double nits)
    {
        var light = Math.Pow(nits / 10_000, 0.1593017578125);
        return (byte)Math.Round(255 * Math.Pow((0.8359375 + 18.8515625 * light) / (1 + 18.6875 * light), 78.84375));
    }

    private static byte[] ExifOf(byte[] jpeg)
    {
        using var header = Image.JpegloadBuffer(jpeg);
        return header.GetBlob("exif-data")![6..];
    }
}
