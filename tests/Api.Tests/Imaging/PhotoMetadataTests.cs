using Proofsheet.Api.Imaging.Metadata;
using Proofsheet.DemoPictures;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class PhotoMetadataTests : IDisposable
{
    private readonly ImagingHost imaging = new();

    public void Dispose() => imaging.Dispose();

    [Fact]
    public void A_cameras_words_are_read()
    {
        var metadata = PhotoMetadata.Read(imaging.Write(TestPictures.Jpeg(400, 300, seed: 7)));

        Assert.Equal("Proofsheet Test 7", metadata.Camera);
        Assert.Equal("50mm F1.8", metadata.Lens);
        Assert.Equal((1 / 250.0, 2.8, 400, 50.0), (metadata.ExposureSeconds, metadata.FNumber, metadata.Iso, metadata.FocalLengthMillimeters));
        Assert.Equal(new DateTime(2024, 5, 17, 18, 9, 11), metadata.TakenAtLocal);
        Assert.Equal(new DateTimeOffset(2024, 5, 17, 18, 9, 11, TimeSpan.FromHours(2)), metadata.TakenAt);
        Assert.Equal(("Picture 7", "Anna Fischer", "(c) Anna Fischer"), (metadata.Caption, metadata.Creator, metadata.Copyright));
        Assert.Equal(TestPictures.Florence.Latitude, metadata.Gps!.Latitude, 4);
        Assert.Equal(TestPictures.Florence.Longitude, metadata.Gps.Longitude, 4);
    }

    [Fact]
    public void What_cannot_be_read_is_absent_and_nothing_is_thrown()
    {
        var noise = new byte[5000];
        System.Security.Cryptography.RandomNumberGenerator.Fill(noise);

        foreach (var head in (byte[][])[[], [0xFF, 0xD8, 0xFF, 0xE1], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [.. "II*\0"u8], [.. "RIFF____WEBPVP8X"u8]])
        {
            Assert.Null(PhotoMetadata.Read(imaging.Write([.. head, .. noise])).Camera);
        }

        Assert.Same(PhotoMetadata.Empty, PhotoMetadata.Read(imaging.Write([])));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("  a\0b\u0007c\u202E  ", "abc")]
    [InlineData("line\r\nline\tend", "line\nline end")]
    [InlineData("half \uD83D emoji", "half  emoji")]
    [InlineData("📷 ok", "📷 ok")]
    [InlineData("\0\0", null)]
    public void Text_is_valid_without_control_characters(string dirty, string? clean) => Assert.Equal(clean, MetadataText.Clean(dirty, 100));

    [Theory]
    [InlineData("plain  text", "plain  text")]
    [InlineData("line\r\nline\tend", "line line end")]
    [InlineData("old\rMac, \u2028 new \u0085\v\f line", "old Mac, new line")]
    [InlineData("Anna\0 the editor\0\0", "Anna the editor")]
    [InlineData(" \n ", null)]
    [InlineData(null, null)]
    public void What_is_one_line_stays_one(string? written, string? line) => Assert.Equal(line, MetadataText.Line(written, 100));

    [Fact]
    public void Titles_and_names_of_a_file_are_one_line_and_its_caption_keeps_its_own()
    {
        const string xmp =
            """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Clara&#10;&amp; Jonas</rdf:li></rdf:Alt></dc:title>
            <dc:description><rdf:Alt><rdf:li xml:lang="x-default">First line&#13;&#10;second line</rdf:li></rdf:Alt></dc:description>
            <dc:creator><rdf:Seq><rdf:li>Anna&#10;Example</rdf:li></rdf:Seq></dc:creator>
            <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Anna&#10;2031</rdf:li></rdf:Alt></dc:rights>
            <dc:subject><rdf:Bag><rdf:li>wed&#10;ding</rdf:li></rdf:Bag></dc:subject>
            </rdf:Description></rdf:RDF></x:xmpmeta>
            """;
        byte[] block = [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. System.Text.Encoding.UTF8.GetBytes(xmp)];
        var length = block.Length + 2;
        var plain = TestPictures.Jpeg(60, 40, seed: 1);

        var read = PhotoMetadata.Read(imaging.Write([0xFF, 0xD8, 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. block, .. plain[2..]]));

        Assert.Equal("Clara & Jonas", read.Title);
        Assert.Equal("First line\nsecond line", read.Caption);
        Assert.Equal("Anna Example", read.Creator);
        Assert.Equal("© Anna 2031", read.Copyright);
        Assert.Equal(["wed ding"], read.Keywords);
    }

    [Fact]
    public void Text_is_bounded_and_never_cut_inside_a_character()
    {
        Assert.Equal(50, MetadataText.Clean(new string('x', 1_000_000), 50)!.Length);
        Assert.Equal("📷📷", MetadataText.Clean("📷📷📷", 5));
    }

    [Theory]
    [InlineData("2024:05:17 18:02:11", true)]
    [InlineData("2024-05-17T18:02:11.123+02:00", true)]
    [InlineData("0000:00:00 00:00:00", false)]
    [InlineData("9999:99:99 99:99:99", false)]
    [InlineData("    :  :     :  :  ", false)]
    [InlineData("yesterday", false)]
    public void Dates_of_cameras_are_read_and_their_nonsense_is_not(string written, bool isDate) =>
        Assert.Equal(isDate ? new DateTime(2024, 5, 17, 18, 2, 11) : null, MetadataText.Date(written));

    [Theory]
    [InlineData("+02:00", 120)]
    [InlineData("-05:30", -330)]
    [InlineData("Z", 0)]
    [InlineData("+99:00", null)]
    [InlineData("02:00", null)]
    public void Zones_are_read_when_they_can_exist(string written, int? minutes) =>
        Assert.Equal(minutes is { } m ? TimeSpan.FromMinutes(m) : null, MetadataText.Offset(written));

    [Fact]
    public void Demo_pictures_are_photographic_repeatable_and_say_who_took_them()
    {
        var picture = PaintedPictures.Make(10);
        var again = PaintedPictures.Make(10);

        Assert.Equal((4000, 2667), (picture.Width, picture.Height));
        Assert.Equal(picture.Jpeg, again.Jpeg);
        var metadata = PhotoMetadata.Read(imaging.Write(picture.Jpeg));
        Assert.StartsWith("Proofsheet", metadata.Camera, StringComparison.Ordinal);
        Assert.NotNull(metadata.Lens);
        Assert.NotNull(metadata.TakenAt);
        Assert.Equal("Sun into the sea", metadata.Caption);
        Assert.True(PaintedPictures.SubjectCount >= 12);
    }
}
