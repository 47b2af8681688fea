using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>Every kind of file that cameras and editors write comes out upright and in the right colors.</summary>
public sealed class FormatTests : IDisposable
{

    private static readonly Dictionary<string, Func<Image, byte[]>> Makers = new(StringComparer.Ordinal)
    {
        ["jpeg"] = p => Save("jpegsave", p, new() { ["Q"] = 95 }),
        ["jpeg progressive"] = p => Save("jpegsave", p, new() { ["Q"] = 95, ["interlace"] = true }),
        ["jpeg p3"] = p => Moved(p, "p3", m => Save("jpegsave", m, new() { ["Q"] = 95 })),
        ["jpeg cmyk"] = p => Moved(p, "cmyk", m => Save("jpegsave", m, new() { ["Q"] = 98 })),
        ["jpeg cmyk without profile"] = p => Moved(p, "cmyk", m => Bare(m, b => Save("jpegsave", b, new() { ["Q"] = 98 }))),
        ["png"] = p => Save("pngsave", p),
        ["png interlaced"] = p => Save("pngsave", p, new() { ["interlace"] = true }),
        ["png 16 bit"] = p => In(p, Enums.Interpretation.Rgb16, m => Save("pngsave", m)),
        ["png palette"] = p => Save("pngsave", p, new() { ["palette"] = true }),
        ["png p3"] = p => Moved(p, "p3", m => Save("pngsave", m)),
        ["webp"] = p => Save("webpsave", p, new() { ["Q"] = 95 }),
        ["webp lossless"] = p => Save("webpsave", p, new() { ["lossless"] = true }),
        ["avif"] = p => Save("heifsave", p, new() { ["compression"] = Enums.ForeignHeifCompression.Av1, ["Q"] = 90, ["effort"] = 0 }),
        ["avif 10 bit"] = p => In(p, Enums.Interpretation.Rgb16, m => Save("heifsave", m, new() { ["compression"] = Enums.ForeignHeifCompression.Av1, ["Q"] = 90, ["effort"] = 0, ["bitdepth"] = 10 })),
        ["tiff"] = p => Save("tiffsave", p),
        ["tiff lzw"] = p => Save("tiffsave", p, new() { ["compression"] = Enums.ForeignTiffCompression.Lzw }),
        ["tiff jpeg"] = p => Save("tiffsave", p, new() { ["compression"] = Enums.ForeignTiffCompression.Jpeg, ["Q"] = 95 }),
        ["tiff tiled pyramid"] = p => Save("tiffsave", p, new() { ["tile"] = true, ["pyramid"] = true, ["compression"] = Enums.ForeignTiffCompression.Deflate }),
        ["tiff big"] = p => Save("tiffsave", p, new() { ["bigtiff"] = true }),
        ["tiff 16 bit"] = p => In(p, Enums.Interpretation.Rgb16, m => Save("tiffsave", m)),
        ["tiff 16 bit p3"] = p => In(p, Enums.Interpretation.Rgb16, d => Moved(d, "p3", m => Save("tiffsave", m), depth: 16)),
        ["tiff p3"] = p => Moved(p, "p3", m => Save("tiffsave", m)),
        ["tiff cmyk"] = p => Moved(p, "cmyk", m => Save("tiffsave", m)),
        ["tiff cmyk 16 bit"] = p => Moved(p, "cmyk", m => Save("tiffsave", m), depth: 16),
        ["tiff cmyk without profile"] = p => Moved(p, "cmyk", m => Bare(m, b => Save("tiffsave", b))),
        ["tiff lab float"] = p => In(p, Enums.Interpretation.Lab, m => Save("tiffsave", m)),
        ["tiff lab 16 bit"] = p => In(p, Enums.Interpretation.Labs, m => Save("tiffsave", m)),
        ["tiff float"] = p => In(p, Enums.Interpretation.Scrgb, m => Save("tiffsave", m)),
    };


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
        // Printing inks cannot be converted back exactly.
        var tolerance = kind.Contains("cmyk", StringComparison.Ordinal) ? 14 : 5;
        foreach (var file in new[] { "300.jpg", "300.webp" })
        {
            var (difference, found) = KnownColors.Compare(Path.Combine(output, file));
            Assert.True(difference <= tolerance, found);
        }
    }

    [Theory]
    [InlineData("jpegsave", Enums.Interpretation.Bw)]
    [InlineData("pngsave", Enums.Interpretation.Bw)]
    [InlineData("pngsave", Enums.Interpretation.Grey16)]
    [InlineData("tiffsave", Enums.Interpretation.Bw)]
    [InlineData("tiffsave", Enums.Interpretation.Grey16)]
    public async Task Grey_comes_out_as_bright_as_the_colors_were(string saver, Enums.Interpretation interpretation)
    {
        using var picture = KnownColors.Picture();

        var (_, output) = await imaging.ReadyAsync(In(picture, interpretation, m => Save(saver, m)));

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
            using var tagged = stored.With("orientation", orientation);

            var (photo, output) = await imaging.ReadyAsync(SaveWithFields(saver, tagged));

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
        using var second = first.Invert();
        using var joined = first.Join(second, Enums.Direction.Vertical);
        using var paged = joined.With("page-height", KnownColors.Height);

        var (photo, output) = await imaging.ReadyAsync(Save("tiffsave", paged));

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

        Assert.Throws<VipsException>(() => Operation.Call(loader, new VOption(), path));
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

    private static byte[] Save(string saver, Image picture, VOption? options = null) => (byte[])Operation.Call(saver + "_buffer", options ?? [], picture);

    private static byte[] SaveWithFields(string saver, Image picture) =>
        Save(saver, picture, VipsRuntime.HasKeep ? new() { ["keep"] = Enums.ForeignKeep.All } : new() { ["strip"] = false });

    private static byte[] Moved(Image picture, string profile, Func<Image, byte[]> save, int depth = 8)
    {
        using var moved = picture.IccTransform(profile, inputProfile: "srgb", depth: depth);
        return save(moved);
    }

    private static byte[] In(Image picture, Enums.Interpretation interpretation, Func<Image, byte[]> save)
    {
        using var moved = picture.Colourspace(interpretation);
        return save(moved);
    }

    private static byte[] Bare(Image picture, Func<Image, byte[]> save)
    {
        using var bare = picture.Without("icc-profile-data");
        return save(bare);
    }
}
