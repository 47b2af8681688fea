using Proofsheet.Api.Imaging;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>Tests with generated files (<see cref="RawFiles"/>): what libraw opens by the containers' rules, not what each camera writes.</summary>
public sealed class RawTests : IDisposable
{
    private readonly ImagingHost imaging = new();

    public void Dispose() => imaging.Dispose();

    [Theory]
    [InlineData("dng", "DNG", "Proofsheet Test Raw")]
    [InlineData("nef", "Nikon NEF", "NIKON D3")]
    [InlineData("arw", "Sony ARW", "SONY DSLR-A900")]
    [InlineData("cr2", "Canon CR2", "Canon EOS 5D")]
    [InlineData("orf", "Olympus ORF", "OLYMPUS IMAGING CORP. E-3")]
    [InlineData("rw2", "Panasonic RW2", "Panasonic DMC-G1")]
    [InlineData("raf", "Fujifilm RAF", "Fujifilm S5000")]
    public async Task The_preview_becomes_the_photo_upright_and_with_the_cameras_words(string kind, string name, string camera)
    {
        RawFiles.Need();
        using var upright = TestPictures.Picture(RawFiles.PreviewWidth, RawFiles.PreviewHeight, seed: 5);
        double[]? first = null;
        foreach (var orientation in new[] { 1, 3, 6, 8 })
        {
            using var stored = orientation is 6 or 8 ? TestPictures.Picture(RawFiles.PreviewHeight, RawFiles.PreviewWidth, seed: 5) : upright.Copy();
            using var turned = TestPictures.Stored(stored, orientation);

            var (photo, output) = await imaging.ReadyAsync(RawFiles.Make(kind, RawFiles.Preview(turned), orientation));

            Assert.Equal((name, orientation), (photo.Kind.Name, photo.Orientation));
            Assert.Equal((stored.Width, stored.Height), (photo.Width, photo.Height));
            Assert.Equal(camera, photo.Metadata.Camera);
            Assert.Equal(new DateTime(2024, 5, 17, 18, 2, 11), photo.Metadata.TakenAtLocal);
            if (orientation is 1 or 3)
            {
                var look = RealPhotographsTests.Look(Path.Combine(output, "300.jpg"));
                first ??= look;
                Assert.True(RealPhotographsTests.Difference(first, look) < 2, $"orientation {orientation} differs by {RealPhotographsTests.Difference(first, look)}");
            }
        }
    }

    [Theory]
    [InlineData("dng")]
    [InlineData("nef")]
    public async Task Without_a_preview_it_is_kept_and_the_answer_says_why_there_is_no_picture(string kind)
    {
        RawFiles.Need();

        var (outcome, _) = await imaging.ProcessAsync(imaging.Write(RawFiles.Make(kind, preview: null)), TestContext.Current.CancellationToken);

        Assert.Equal((ImageRefusal.NoPreviewCode, true), (outcome.Refusal?.Code, outcome.Refusal?.KeepsOriginal));
        Assert.Contains("no preview", outcome.Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_as_small_as_a_thumbnail_is_none()
    {
        RawFiles.Need();
        using var small = TestPictures.Picture(160, 120, seed: 6);

        var (outcome, _) = await imaging.ProcessAsync(imaging.Write(RawFiles.Make("dng", RawFiles.Preview(small))), TestContext.Current.CancellationToken);

        Assert.Equal(ImageRefusal.NoPreviewCode, outcome.Refusal?.Code);
    }

    [Fact]
    public async Task Without_the_library_the_answer_names_it_and_with_it_the_same_file_is_made()
    {
        RawFiles.Need();
        using var picture = TestPictures.Picture(RawFiles.PreviewWidth, RawFiles.PreviewHeight, seed: 7);
        using var without = new ImagingHost(("LibRawPath", "none"));
        var path = imaging.Write(RawFiles.Make("nef", RawFiles.Preview(picture)));

        var (refused, _) = await without.ProcessAsync(path, TestContext.Current.CancellationToken);
        var (made, _) = await imaging.ProcessAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal((ImageRefusal.NoCodecCode, true), (refused.Refusal?.Code, refused.Refusal?.KeepsOriginal));
        Assert.Contains("libraw20", refused.Refusal!.Message, StringComparison.Ordinal);
        Assert.NotNull(made.Photo);
    }

    [Fact]
    public async Task A_preview_is_held_against_the_limits_and_its_end_must_be_there()
    {
        RawFiles.Need();
        using var picture = TestPictures.Picture(RawFiles.PreviewWidth, RawFiles.PreviewHeight, seed: 8);
        var preview = RawFiles.Preview(picture);

        var tooLarge = ImageInspector.Inspect(imaging.Write(RawFiles.Make("dng", preview)), ImageLimits.Default with { MaxPixels = 500_000 });
        var (cut, _) = await imaging.ProcessAsync(imaging.Write(RawFiles.Make("dng", preview[..(preview.Length / 2)])), TestContext.Current.CancellationToken);

        Assert.Equal(ImageRefusal.ImageTooLargeCode, tooLarge.Refusal?.Code);
        Assert.Equal(ImageRefusal.ImageTruncatedCode, cut.Refusal?.Code);
    }

    [Fact]
    public async Task Broken_and_random_camera_files_end_in_an_answer()
    {
        RawFiles.Need();
        using var picture = TestPictures.Picture(RawFiles.PreviewWidth, RawFiles.PreviewHeight, seed: 9);
        var random = new Random(17);
        foreach (var kind in new[] { "dng", "nef", "cr2", "raf", "orf", "rw2", "arw" })
        {
            for (var round = 0; round < 12; round++)
            {
                var file = RawFiles.Make(kind, RawFiles.Preview(picture));
                for (var i = 0; i < 1 + 8 * round; i++)
                {
                    file[16 + random.Next(0x2400)] = (byte)random.Next(256);
                }

                var (outcome, _) = await imaging.ProcessAsync(imaging.Write(file), TestContext.Current.CancellationToken);

                Assert.True(outcome.Photo is not null || outcome.Refusal is not null);
            }
        }
    }
}
