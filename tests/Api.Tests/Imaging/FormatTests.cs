using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>Each kind of file that cameras and editors write comes out in the colors it means, and upright.</summary>
public sealed class FormatTests : IDisposable
{
    private const int CompressionJpeg = 1;
    private const int CompressionDeflate = 2;
    private const int CompressionLzw = 5;
    private const int CompressionAv1 = 4;

    private static readonly Dictionary<string, Func<VipsImage, byte[]>> Makers = new(StringComparer.Ordinal)
    {
        ["jpeg"] = p => Save("jpegsave", p).Set("Q", 95).RunToBytes(),
        ["jpeg progressive"] = p => Save("jpegsave", p).Set("Q", 95).Set("interlace", true).RunToBytes(),
        ["jpeg p3"] = p => Moved(p, "p3", m => Save("jpegsave", m).Set("Q", 95).RunToBytes()),
        ["jpeg cmyk"] = p => Moved(p, "cmyk", m => Save("jpegsave", m).Set("Q", 98).RunToBytes()),
        ["jpeg cmyk without profile"] = p => Moved(p, "cmyk", m => Bare(m, b => Save("jpegsave", b).Set("Q", 98).RunToBytes())),
        ["png"] = p => Save("pngsave", p).RunToBytes(),
        ["png interlaced"] = p => Save("pngsave", p).Set("interlace", true).RunToBytes(),
        ["png 16 bit"] = p => In(p, Vips.InterpretationRgb16, m => Save("pngsave", m).RunToBytes()),
        ["png palette"] = p => Save("pngsave", p).Set("palette", true).RunToBytes(),
        ["png p3"] = p => Moved(p, "p3", m => Save("pngsave", m).RunToBytes()),
        ["webp"] = p => Save("webpsave", p).Set("Q", 95).RunToBytes(),
        ["webp lossless"] = p => Save("webpsave", p).Set("lossless", true).RunToBytes(),
        ["avif"] = p => Save("heifsave", p).Set("compression", CompressionAv1).Set("Q", 90).Set("effort", 0).RunToBytes(),
        ["avif 10 bit"] = p => In(p, Vips.InterpretationRgb16, m => Save("heifsave", m).Set("compression", CompressionAv1).Set("Q", 90).Set("effort", 0).Set("bitdepth", 10).RunToBytes()),
        ["tiff"] = p => Save("tiffsave", p).RunToBytes(),
        ["tiff lzw"] = p => Save("tiffsave", p).Set("compression", CompressionLzw).RunToBytes(),
        ["tiff jpeg"] = p => Save("tiffsave", p).Set("compression", CompressionJpeg).Set("Q", 95).RunToBytes(),
        ["tiff tiled pyramid"] = p => Save("tiffsave", p).Set("tile", true).Set("pyramid", true).Set("compression", CompressionDeflate).RunToBytes(),
        ["tiff big"] = p => Save("tiffsave", p).Set("bigtiff", true).RunToBytes(),
        ["tiff 16 bit"] = p => In(p, Vips.InterpretationRgb16, m => Save("tiffsave", m).RunToBytes()),
        ["tiff 16 bit p3"] = p => In(p, Vips.InterpretationRgb16, d => Moved(d, "p3", m => Save("tiffsave", m).RunToBytes(), depth: 16)),
        ["tiff p3"] = p => Moved(p, "p3", m => Save("tiffsave", m).RunToBytes()),
        ["tiff cmyk"] = p => Moved(p, "cmyk", m => Save("tiffsave", m).RunToBytes()),
        ["tiff cmyk 16 bit"] = p => Moved(p, "cmyk", m => Save("tiffsave", m).RunToBytes(), depth: 16),
        ["tiff cmyk without profile"] = p => Moved(p, "cmyk", m => Bare(m, b => Save("tiffsave", b).RunToBytes())),
        ["tiff lab float"] = p => In(p, Vips.InterpretationLab, m => Save("tiffsave", m).RunToBytes()),
        ["tiff lab 16 bit"] = p => In(p, InterpretationLabs, m => Save("tiffsave", m).RunToBytes()),
        ["tiff float"] = p => In(p, Vips.InterpretationScrgb, m => Save("tiffsave", m).RunToBytes()),
    };

    private const int InterpretationLabs = 21;

    private readonly ImagingHost imaging = new();

    public static TheoryData<string> Kinds => [.. Makers.Keys];

    public void Dispose() => imaging.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Colors_come_out_as_they_were_meant(string kind)
    {
        using var picture = KnownColors.Picture();

        var (photo, output) = await imaging.ReadyAsync(Makers[kind](picture));

        Assert.Equal((KnownColors.Width, KnownColors.Height), (photo.Width, photo.Height));
        // A press's inks do not come back exactly.
        var tolerance = kind.Contains("cmyk", StringComparison.Ordinal) ? 14 : 5;
        foreach (var file in new[] { "300.jpg", "300.webp" })
        {
            var (difference, found) = KnownColors.Compare(Path.Combine(output, file));
            Assert.True(difference <= tolerance, found);
        }
    }

    [Theory]
    [InlineData("jpegsave", Vips.InterpretationBw)]
    [InlineData("pngsave", Vips.InterpretationBw)]
    [InlineData("pngsave", Vips.InterpretationGrey16)]
    [InlineData("tiffsave", Vips.InterpretationBw)]
    [InlineData("tiffsave", Vips.InterpretationGrey16)]
    public async Task Grey_comes_out_as_bright_as_the_colors_were(string saver, int interpretation)
    {
        using var picture = KnownColors.Picture();

        var (_, output) = await imaging.ReadyAsync(In(picture, interpretation, m => Save(saver, m).RunToBytes()));

        var (difference, found) = KnownColors.Compare(Path.Combine(output, "300.jpg"), isGray: true);
        Assert.True(difference <= 14, found);
        var (r, g, b) = ImagingHost.ColorAt(Path.Combine(output, "300.jpg"), 0.17, 0.25);
        Assert.InRange(Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b)), 0, 2);
    }

    [Theory]
    [InlineData("pngsave")]
    [InlineData("webpsave")]
    [InlineData("tiffsave")]
    public async Task All_eight_orientations_are_turned_upright(string saver)
    {
        using var upright = TestPictures.Picture(600, 400, seed: 12);
        double[]? first = null;
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            using var stored = TestPictures.Stored(upright, orientation);
            using var tagged = stored.Copy();
            tagged.SetField("orientation", orientation);

            var (photo, output) = await imaging.ReadyAsync(Kept(Save(saver, tagged)).RunToBytes());

            Assert.Equal((600, 400, orientation), (photo.Width, photo.Height, photo.Orientation));
            var look = RealPhotographsTests.Look(Path.Combine(output, "300.jpg"));
            first ??= look;
            Assert.True(RealPhotographsTests.Difference(first, look) < 2, $"orientation {orientation} differs by {RealPhotographsTests.Difference(first, look)}");
        }
    }

    [Fact]
    public async Task Of_several_pages_the_first_is_the_photo()
    {
        using var first = KnownColors.Picture();
        using var second = VipsImage.Op("invert").Set("in", first).Run();
        using var joined = VipsImage.Op("join").Set("in1", first).Set("in2", second).Set("direction", 1).Run();
        using var paged = joined.Copy();
        paged.SetField("page-height", KnownColors.Height);

        var (photo, output) = await imaging.ReadyAsync(Save("tiffsave", paged).RunToBytes());

        Assert.Equal((KnownColors.Width, KnownColors.Height), (photo.Width, photo.Height));
        var (difference, found) = KnownColors.Compare(Path.Combine(output, "300.jpg"));
        Assert.True(difference <= 5, found);
    }

    [Fact]
    public void A_JPEG_of_thousands_of_scans_is_refused_and_one_of_ten_is_not()
    {
        var progressive = TestPictures.ProgressiveJpeg(400, 300, seed: 13);
        var scans = JpegScans.Count(imaging.Write(progressive), 1000);
        var last = LastScan(progressive);
        byte[] bomb = [.. progressive[..^2], .. Enumerable.Repeat(last, 3000).SelectMany(scan => scan), 0xFF, 0xD9];

        Assert.InRange(scans, 5, 20);
        Assert.Equal(ImageRefusal.TooManyScans(100), ImageInspector.Inspect(imaging.Write(bomb), ImageLimits.Default).Refusal);
        Assert.Null(ImageInspector.Inspect(imaging.Write(progressive), ImageLimits.Default).Refusal);
        Assert.Equal(1, JpegScans.Count(imaging.Write(TestPictures.Jpeg(400, 300, seed: 13)), 1000));
    }

    [Theory]
    [InlineData("gifload", "474946383961010001008000000000000000FFFFFF21F9040000000000002C000000000100010000020244010 03B")]
    [InlineData("svgload", "3C73766720786D6C6E733D22687474703A2F2F7777772E77332E6F72672F323030302F737667222077696474683D223922206865696768743D2239222F3E")]
    [InlineData("pdfload", "255044462D312E370A")]
    [InlineData("magickload", "8A4D4E470D0A1A0A")]
    [InlineData("vipsload", "B6A6F208")]
    [InlineData("ppmload", "50350A3120310A3235350A00")]
    public void No_other_loader_of_the_library_can_be_reached(string loader, string hexadecimal)
    {
        var path = imaging.Write(Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Throws<VipsException>(() => VipsImage.Op(loader).Set("filename", path).Run());
        Assert.NotNull(ImageInspector.Inspect(path, ImageLimits.Default).Refusal);
    }

    private static byte[] LastScan(byte[] jpeg)
    {
        var at = jpeg.Length - 2;
        while (jpeg[at] != 0xFF || jpeg[at + 1] != 0xDA)
        {
            at--;
        }

        return jpeg[at..^2];
    }

    private static VipsOperation Save(string saver, VipsImage picture) => VipsImage.Op(saver + "_buffer").Set("in", picture);

    private static VipsOperation Kept(VipsOperation save) => VipsRuntime.HasKeep ? save.Set("keep", Vips.KeepAll) : save.Set("strip", false);

    private static byte[] Moved(VipsImage picture, string profile, Func<VipsImage, byte[]> save, int depth = 8)
    {
        using var moved = VipsImage.Op("icc_transform").Set("in", picture).Set("output-profile", profile).Set("input-profile", "srgb").Set("depth", depth).Run();
        return save(moved);
    }

    private static byte[] In(VipsImage picture, int interpretation, Func<VipsImage, byte[]> save)
    {
        using var moved = VipsImage.Op("colourspace").Set("in", picture).Set("space", interpretation).Run();
        return save(moved);
    }

    private static byte[] Bare(VipsImage picture, Func<VipsImage, byte[]> save)
    {
        using var bare = picture.Copy();
        bare.RemoveField("icc-profile-data");
        return save(bare);
    }
}
