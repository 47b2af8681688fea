using System.Text;
using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Metadata;
using Proofsheet.DemoPictures;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class RenditionPipelineTests : IDisposable
{
    private readonly ImagingHost imaging = new();

    public void Dispose() => imaging.Dispose();

    [Fact]
    public async Task A_photograph_gets_three_sizes_in_three_formats_and_a_master()
    {
        var (photo, output) = await imaging.ReadyAsync(TestPictures.Jpeg(3000, 2000, seed: 1));

        Assert.Equal((3000, 2000, 1), (photo.Width, photo.Height, photo.Orientation));
        Assert.Equal(1.5, photo.Aspect);
        Assert.Equal(
            ["300.jpg 300x200", "1200.jpg 1200x800", "2048.jpg 2048x1365", "300.webp 300x200", "1200.webp 1200x800", "2048.webp 2048x1365",
                "300.avif 300x200", "1200.avif 1200x800", "2048.avif 2048x1365"],
            photo.Renditions.Select(r => $"{r.FileName} {r.Width}x{r.Height}"));
        Assert.All(photo.Renditions.Append(photo.Master), r => Assert.Equal(r.Bytes, new FileInfo(Path.Combine(output, r.FileName)).Length));
        Assert.Equal((2048, 1365), (photo.Master.Width, photo.Master.Height));
        Assert.All(photo.Renditions, r => Assert.Equal(r.Format.ContentType(), ImageSniffer.Sniff(Path.Combine(output, r.FileName)).ContentType));
    }

    [Fact]
    public async Task A_small_photograph_is_never_enlarged()
    {
        var (photo, _) = await imaging.ReadyAsync(TestPictures.Jpeg(640, 480, seed: 2));

        Assert.Equal(["300x225", "640x480", "640x480"], photo.Renditions.Where(r => r.Format == RenditionFormat.Jpeg).Select(r => $"{r.Width}x{r.Height}"));
        Assert.Equal((640, 480), (photo.Master.Width, photo.Master.Height));
    }

    [Theory]
    [InlineData(1, 4000)]
    [InlineData(4000, 1)]
    [InlineData(1, 1)]
    public async Task The_thinnest_picture_keeps_a_pixel_on_each_side(int width, int height)
    {
        var (photo, _) = await imaging.ReadyAsync(TestPictures.Jpeg(width, height, seed: 3));

        Assert.All(photo.Renditions, r => Assert.True(r.Width >= 1 && r.Height >= 1));
        Assert.Equal(28, photo.Signals.BlurHash.Length);
    }

    [Fact]
    public async Task No_place_camera_or_name_survives_in_anything_that_was_made()
    {
        var (photo, output) = await imaging.ReadyAsync(TestPictures.Jpeg(1600, 1200, seed: 4));

        Assert.NotNull(photo.Metadata.Gps);
        foreach (var file in Directory.EnumerateFiles(output))
        {
            Assert.Equal(PhotoMetadata.Empty with { Keywords = [] }, PhotoMetadata.Read(file) with { Keywords = [] });
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            Assert.DoesNotContain("Exif", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Anna Fischer", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_WebP_loses_its_metadata_whatever_the_library_wrote()
    {
        using var picture = TestPictures.Picture(300, 200, seed: 4);
        using var tagged = TestPictures.Exif(4).On(picture);
        var written = tagged.WebpsaveBuffer(keep: Enums.ForeignKeep.All);
        Assert.NotNull(PhotoMetadata.Read(imaging.Write(written)).Gps);

        var bare = WebPContainer.WithoutMetadata(written);

        Assert.Null(PhotoMetadata.Read(imaging.Write(bare)).Camera);
        using var again = Image.WebploadBuffer(bare);
        Assert.Equal((300, 200), (again.Width, again.Height));
        Assert.Equal(again.WriteToMemory<byte>(), Pixels(written));

        static byte[] Pixels(byte[] webP)
        {
            using var image = Image.WebploadBuffer(webP);
            return image.WriteToMemory<byte>();
        }
    }

    [Fact]
    public async Task The_master_states_its_sRGB_profile_and_renditions_carry_none()
    {
        var (_, output) = await imaging.ReadyAsync(TestPictures.Jpeg(1600, 1200, seed: 5));

        using var master = ImageLoader.OpenHeader(ImageFormat.Jpeg, Path.Combine(output, "master.jpg"));
        using var rendition = ImageLoader.OpenHeader(ImageFormat.Jpeg, Path.Combine(output, "1200.jpg"));
        Assert.Equal(VipsRuntime.HasKeep, master.GetBlob("icc-profile-data") is { } profile && IccProfile.IsSrgb(profile));
        Assert.False(rendition.Contains("icc-profile-data"));
    }

    [Fact]
    public async Task All_eight_orientations_come_out_upright_and_alike()
    {
        double[]? first = null;
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            using var upright = TestPictures.Picture(900, 600, seed: 6);
            using var stored = TestPictures.Stored(upright, orientation);
            using var tagged = TestPictures.Exif(6, orientation).On(stored);

            var (photo, output) = await imaging.ReadyAsync(ExifFields.Save(tagged, 92));

            Assert.Equal((900, 600, orientation), (photo.Width, photo.Height, photo.Orientation));
            var look = RealPhotographsTests.Look(Path.Combine(output, "300.jpg"));
            first ??= look;
            Assert.True(RealPhotographsTests.Difference(first, look) < 2, $"orientation {orientation} differs by {RealPhotographsTests.Difference(first, look)}");
        }
    }

    [Theory]
    [InlineData("p3", 4)]
    [InlineData("srgb", 3)]
    [InlineData("cmyk", 30)]
    public async Task Colors_of_another_space_come_out_as_they_were_meant(string profile, int tolerance)
    {
        var (_, plain) = await imaging.ReadyAsync(TestPictures.JpegWithProfile(1200, 800, seed: 7, "srgb"));
        var (_, moved) = await imaging.ReadyAsync(TestPictures.JpegWithProfile(1200, 800, seed: 7, profile));

        var difference = RealPhotographsTests.Difference(RealPhotographsTests.Look(Path.Combine(plain, "300.jpg")), RealPhotographsTests.Look(Path.Combine(moved, "300.jpg")));
        Assert.True(difference < tolerance, $"differs by {difference}");
    }

    [Fact]
    public async Task Without_conversion_a_wide_gamut_picture_would_have_been_visibly_wrong()
    {
        using var header = Image.JpegloadBuffer(TestPictures.JpegWithProfile(1200, 800, seed: 7, "p3"));
        using var ignored = header.Without("icc-profile-data");
        var (_, wrong) = await imaging.ReadyAsync(ExifFields.Save(ignored, 95));
        var (_, right) = await imaging.ReadyAsync(TestPictures.JpegWithProfile(1200, 800, seed: 7, "srgb"));

        Assert.True(RealPhotographsTests.Difference(RealPhotographsTests.Look(Path.Combine(right, "300.jpg")), RealPhotographsTests.Look(Path.Combine(wrong, "300.jpg"))) > 5);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Transparency_lies_on_white(int depth)
    {
        var (_, output) = await imaging.ReadyAsync(TestPictures.PngWithAlpha(800, 800, seed: 8, depth));

        var (r, g, b) = ImagingHost.ColorAt(Path.Combine(output, "300.jpg"), 0.02, 0.02);
        Assert.True(Math.Min(r, Math.Min(g, b)) >= 250, $"corner is {r},{g},{b}");
        var (_, middle, _) = ImagingHost.ColorAt(Path.Combine(output, "300.jpg"), 0.5, 0.5);
        Assert.True(middle < 250);
    }

    [Theory]
    [InlineData(Enums.Interpretation.Rgb16)]
    [InlineData(Enums.Interpretation.Grey16)]
    [InlineData(Enums.Interpretation.Bw)]
    [InlineData(Enums.Interpretation.Lab)]
    [InlineData(Enums.Interpretation.Scrgb)]
    public async Task Every_kind_of_TIFF_becomes_eight_bit_sRGB_of_the_same_brightness(Enums.Interpretation interpretation)
    {
        var (_, plain) = await imaging.ReadyAsync(TestPictures.Jpeg(900, 600, seed: 9));
        var (photo, output) = await imaging.ReadyAsync(TestPictures.Tiff(900, 600, seed: 9, interpretation));

        Assert.Equal(ImageFormat.Tiff, photo.Kind.Format);
        using var made = ImageLoader.OpenHeader(ImageFormat.Jpeg, Path.Combine(output, "1200.jpg"));
        Assert.Equal((3, Enums.BandFormat.Uchar), (made.Bands, made.Format));
        var difference = Math.Abs(Brightness(Path.Combine(plain, "300.jpg")) - Brightness(Path.Combine(output, "300.jpg")));
        Assert.True(difference < 4, $"brightness differs by {difference}");
    }

    [Fact]
    public async Task WebP_and_AVIF_are_taken_too()
    {
        var (webP, _) = await imaging.ReadyAsync(TestPictures.WebP(1600, 1200, seed: 10));
        var (avif, _) = await imaging.ReadyAsync(TestPictures.Avif(800, 600, seed: 10));

        Assert.Equal(("image/webp", "image/avif"), (webP.Kind.ContentType, avif.Kind.ContentType));
    }

    [Fact]
    public async Task Placeholder_and_colors_tell_what_is_in_the_picture()
    {
        var pixels = new byte[600 * 400 * 3];
        for (var i = 0; i < 600 * 400; i++)
        {
            var isLeft = i % 600 < 400;
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = isLeft ? ((byte)200, (byte)30, (byte)30) : ((byte)20, (byte)40, (byte)180);
        }

        using var image = VipsPixels.ToImage(pixels, 600, 400, 3);
        var (photo, _) = await imaging.ReadyAsync(VipsEncode.Png(image));

        Assert.Equal('L', photo.Signals.BlurHash[0]);
        Assert.Equal(28, photo.Signals.BlurHash.Length);
        Assert.StartsWith("#c", photo.Signals.DominantColors[0], StringComparison.Ordinal);
        Assert.Contains(photo.Signals.DominantColors, c => c.StartsWith("#1", StringComparison.Ordinal) && c.EndsWith("b4", StringComparison.Ordinal));
    }

    private static double Brightness(string path)
    {
        using var image = ImageLoader.OpenHeader(ImageFormat.Jpeg, path);
        using var gray = image.Colourspace(Enums.Interpretation.Bw);
        return gray.Avg();
    }
}
