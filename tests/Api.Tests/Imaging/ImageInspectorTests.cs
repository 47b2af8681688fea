using System.Buffers.Binary;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibVips;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class ImageInspectorTests : IDisposable
{
    private readonly ImagingHost imaging = new();

    public void Dispose() => imaging.Dispose();

    [Fact]
    public void A_header_tells_size_orientation_and_profile()
    {
        var facts = Inspect(TestPictures.Jpeg(800, 600, seed: 1, orientation: 6)).Facts!;

        Assert.Equal((800, 600, 6, false, false), (facts.Width, facts.Height, facts.Orientation, facts.HasProfile, facts.IsInterlaced));
        Assert.True(Inspect(TestPictures.JpegWithProfile(80, 60, seed: 1, "p3")).Facts!.HasProfile);
        Assert.True(Inspect(TestPictures.ProgressiveJpeg(80, 60, seed: 1)).Facts!.IsInterlaced);
    }

    [Theory]
    [InlineData("GIF89a______", ImageRefusal.UnsupportedFormatCode, "GIF")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", ImageRefusal.UnsupportedFormatCode, "SVG")]
    [InlineData("%PDF-1.7 ____", ImageRefusal.UnsupportedFormatCode, "PDF")]
    [InlineData("just some words", ImageRefusal.NotAnImageCode, "not a photograph")]
    [InlineData("", ImageRefusal.NotAnImageCode, "not a photograph")]
    public void What_is_no_photograph_here_is_refused_by_its_content(string content, string code, string says)
    {
        var refusal = Inspect(System.Text.Encoding.Latin1.GetBytes(content)).Refusal!;

        Assert.Equal(code, refusal.Code);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FUJIFILMCCD-RAW 0201", "Fujifilm RAF")]
    [InlineData("IIRO\u0008\0\0\0", "Olympus ORF")]
    [InlineData("IIU\0\u0008\0\0\0", "Panasonic RW2")]
    [InlineData("II*\0\u0010\0\0\0CR\u0002\0", "Canon CR2")]
    [InlineData("\0\0\0\u0018ftypcrx \0\0\0\u0001crx isom", "Canon CR3")]
    public void A_camera_RAW_is_known_by_its_beginning(string content, string name) =>
        Assert.Equal((ImageFormat.Raw, name), (ImageSniffer.Sniff(System.Text.Encoding.Latin1.GetBytes(content)).Format, ImageSniffer.Sniff(System.Text.Encoding.Latin1.GetBytes(content)).Name));

    [Theory]
    [InlineData("NIKON CORPORATION", "Nikon NEF")]
    [InlineData("SONY", "Sony ARW")]
    [InlineData("PENTAX", "Pentax PEF")]
    [InlineData("SAMSUNG", "Samsung SRW")]
    public void A_camera_RAW_in_a_TIFF_container_is_known_by_its_maker_and_its_thumbnail(string make, string name)
    {
        var raw = TiffHead(make, (0xFE, 1), (0x14A, 500));
        var exported = TiffHead(make, (0xFE, 0), (0x14A, 500));

        Assert.Equal(name, ImageSniffer.Sniff(raw).Name);
        Assert.Equal(ImageFormat.Tiff, ImageSniffer.Sniff(exported).Format);
    }

    [Fact]
    public void A_DNG_is_known_by_its_version_tag() => Assert.Equal("DNG", ImageSniffer.Sniff(TiffHead("Leica", (0xC612, 1))).Name);

    [Fact]
    public void HEIC_that_is_none_is_refused_with_advice_where_the_library_is_missing()
    {
        byte[] head = [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8];

        Assert.Equal(ImageFormat.Heic, ImageSniffer.Sniff(head).Format);
        var refusal = Inspect(head).Refusal!;
        Assert.Equal(HeifPicture.CanDecode ? ImageRefusal.ImageCorruptCode : ImageRefusal.NoCodecCode, refusal.Code);
    }

    [Fact]
    public async Task A_photograph_without_its_end_is_refused_as_truncated()
    {
        var whole = TestPictures.Jpeg(1200, 800, seed: 2);

        var (outcome, _) = await imaging.ProcessAsync(imaging.Write(whole[..(whole.Length / 2)]), TestContext.Current.CancellationToken);

        Assert.Equal(ImageRefusal.ImageTruncatedCode, outcome.Refusal?.Code);
    }

    [Fact]
    public void Limits_hold_before_anything_is_decoded()
    {
        var picture = TestPictures.Jpeg(1200, 800, seed: 3);

        Assert.Equal(ImageRefusal.ImageTooLargeCode, Inspect(picture, ImageLimits.Default with { MaxPixels = 900_000 }).Refusal?.Code);
        Assert.Equal(ImageRefusal.ImageTooLargeCode, Inspect(picture, ImageLimits.Default with { MaxSidePixels = 1000 }).Refusal?.Code);
        Assert.Equal(ImageRefusal.ImageTooLargeCode, Inspect(picture, ImageLimits.Default with { MaxBytes = 1000 }).Refusal?.Code);
        Assert.Equal(ImageRefusal.UnsupportedFormatCode, Inspect(picture, ImageLimits.Default with { MaxBands = 2 }).Refusal?.Code);
        Assert.Null(Inspect(picture).Refusal);
    }

    [Fact]
    public void A_progressive_picture_is_measured_by_the_memory_it_needs_at_once()
    {
        var limits = ImageLimits.Default with { MaxWholeDecodeBytes = 1_000_000 };

        Assert.Contains("progressive", Inspect(TestPictures.ProgressiveJpeg(800, 600, seed: 4), limits).Refusal!.Message, StringComparison.Ordinal);
        Assert.Null(Inspect(TestPictures.Jpeg(800, 600, seed: 4), limits).Refusal);
    }

    [Fact]
    public void A_file_of_many_pages_is_refused_beyond_the_limit_and_its_first_page_used_below()
    {
        using var tall = TestPictures.Picture(100, 400, seed: 5);
        using var paged = tall.With("page-height", 100);
        var tiff = paged.TiffsaveBuffer();

        Assert.Equal(4, Inspect(tiff).Facts!.Pages);
        Assert.Equal(100, Inspect(tiff).Facts!.Height);
        Assert.Equal(ImageRefusal.TooManyFramesCode, Inspect(tiff, ImageLimits.Default with { MaxPages = 3 }).Refusal?.Code);
    }

    private ImageInspection Inspect(byte[] content, ImageLimits? limits = null) => ImageInspector.Inspect(imaging.Write(content), limits ?? ImageLimits.Default);

    private static byte[] TiffHead(string make, params (int Tag, int Value)[] numbers)
    {
        var head = new byte[512];
        "II*\0"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), 8);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(8), (short)(numbers.Length + 1));
        var entries = numbers.Select(n => (n.Tag, Type: 4, Count: 1, n.Value)).Append((0x10F, 2, make.Length + 1, 300)).OrderBy(e => e.Item1).ToList();
        for (var i = 0; i < entries.Count; i++)
        {
            var at = head.AsSpan(10 + 12 * i);
            BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)entries[i].Item1);
            BinaryPrimitives.WriteInt16LittleEndian(at[2..], (short)entries[i].Item2);
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], entries[i].Item3);
            BinaryPrimitives.WriteInt32LittleEndian(at[8..], entries[i].Item4);
        }

        System.Text.Encoding.ASCII.GetBytes(make).CopyTo(head, 300);
        return head;
    }
}
