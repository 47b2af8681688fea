using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Metadata;
using Proofsheet.Api.Imaging.Watermarks;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class WatermarkTests : IDisposable
{
    private readonly ImagingHost imaging = new();
    private readonly byte[] master = TestPictures.Jpeg(1500, 1000, seed: 1);

    public void Dispose() => imaging.Dispose();

    [Theory]
    [InlineData("jpg")]
    [InlineData("webp")]
    [InlineData("avif")]
    public void Without_a_watermark_it_is_a_plain_resize(string extension)
    {
        var format = Enum.GetValues<RenditionFormat>().Single(f => f.Extension() == extension);
        var made = imaging.Renderer.Render(master, new RenderSpec(600, format));

        Assert.Equal((600, 400), (made.Width, made.Height));
        Assert.Equal(extension, ImageSniffer.Sniff(made.Bytes).Extension);
        Assert.Equal(1500, imaging.Renderer.Render(master, new RenderSpec(9000, format)).Width);
        Assert.False(PhotoMetadata.Read(imaging.Write(made.Bytes)).HasGps);
    }

    [Theory]
    [InlineData(nameof(WatermarkPosition.TopLeft), 0)]
    [InlineData(nameof(WatermarkPosition.Top), 1)]
    [InlineData(nameof(WatermarkPosition.TopRight), 2)]
    [InlineData(nameof(WatermarkPosition.Left), 3)]
    [InlineData(nameof(WatermarkPosition.Center), 4)]
    [InlineData(nameof(WatermarkPosition.Right), 5)]
    [InlineData(nameof(WatermarkPosition.BottomLeft), 6)]
    [InlineData(nameof(WatermarkPosition.Bottom), 7)]
    [InlineData(nameof(WatermarkPosition.BottomRight), 8)]
    public void A_text_stands_in_its_place_and_nowhere_else(string position, int field)
    {
        var changed = ChangedFields(new WatermarkSpec { Text = "© Anna", Position = Enum.Parse<WatermarkPosition>(position), Opacity = 0.9, WidthPercent = 20 });

        Assert.Equal([field], changed);
    }

    [Fact]
    public void Tiles_leave_no_part_of_the_picture_free() =>
        Assert.Equal(Enumerable.Range(0, 9), ChangedFields(new WatermarkSpec { Text = "Anna", Position = WatermarkPosition.Tiled, Opacity = 0.5, WidthPercent = 15 }));

    [Fact]
    public void Opacity_zero_is_not_seen_and_more_is_seen_more()
    {
        Assert.Empty(ChangedFields(new WatermarkSpec { Text = "Anna", Opacity = 0 }));
        Assert.True(Change(0.9) > 1.5 * Change(0.3));

        double Change(double opacity) => Changes(new WatermarkSpec { Text = "Anna", Opacity = opacity, WidthPercent = 40 }).Sum();
    }

    [Fact]
    public void Markup_in_a_text_is_written_as_it_is()
    {
        var marked = Changes(new WatermarkSpec { Text = "<b>A & B</b> <3", Opacity = 1, WidthPercent = 80, Position = WatermarkPosition.Center });
        var plain = Changes(new WatermarkSpec { Text = "A B 3", Opacity = 1, WidthPercent = 80, Position = WatermarkPosition.Center });

        Assert.NotEqual(marked.Sum(), plain.Sum());
        Assert.True(marked.Sum() > 0);
    }

    [Fact]
    public void A_single_letter_does_not_become_a_poster()
    {
        Assert.DoesNotContain(ChangedFields(new WatermarkSpec { Text = "A", Opacity = 1, WidthPercent = 100, Position = WatermarkPosition.BottomRight }), field => field is not (5 or 8));
    }

    [Theory]
    [InlineData("Ågjpqy ÉÑÇ, Ǻ")]
    [InlineData("f")]
    [InlineData("צילומי חתונה")]
    public void No_letter_is_cut(string text)
    {
        using var large = Lettering.Draw(text, 700, 300, 1500, 1000);
        var (left, top, right, bottom) = Borders(large);

        // A cut-off letter has its body at the border; a whole one at most touches it with a soft edge.
        Assert.True(Math.Max(Math.Max(left, right), Math.Max(top, bottom)) < 0.5, $"{left} {top} {right} {bottom}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(30)]
    public void A_long_text_is_legible_and_inside_the_picture(int repeats)
    {
        var text = string.Join(' ', Enumerable.Repeat("somebody.with.a.long.name@example.photography", repeats));
        using var mask = Lettering.Draw(text, 375, 300, 1500, 1000);

        Assert.InRange(mask.Width, 300, 1500);
        Assert.InRange(mask.Height, 14, 300);
        Assert.NotEmpty(ChangedFields(new WatermarkSpec { Text = text, Position = WatermarkPosition.Center, Opacity = 0.9 }));
    }

    [Theory]
    [InlineData(1, 900)]
    [InlineData(900, 1)]
    [InlineData(7, 5)]
    public void The_thinnest_picture_gets_its_watermark_too(int width, int height)
    {
        foreach (var position in new[] { WatermarkPosition.BottomRight, WatermarkPosition.Tiled })
        {
            var made = imaging.Renderer.Render(TestPictures.Jpeg(width, height, seed: 2), new RenderSpec(1200, RenditionFormat.Jpeg, new WatermarkSpec { Text = "Anna Fischer", Position = position }));

            Assert.Equal((width, height), (made.Width, made.Height));
        }
    }

    [Fact]
    public void Pictographs_are_left_out_and_the_rest_is_written()
    {
        using var plain = Lettering.Draw("Anna & Ben", 400, 300, 1500, 1000);
        using var decorated = Lettering.Draw("Anna \U0001F4F7 & \U0001F469\u200D\U0001F3A8Ben \U0001F1E9\U0001F1EA", 400, 300, 1500, 1000);
        using var nothing = Lettering.Draw("\U0001F4F7", 400, 300, 1500, 1000);
        using var copyright = Lettering.Draw("©", 400, 300, 1500, 1000);

        Assert.Equal(plain.WriteToMemory<byte>(), decorated.WriteToMemory<byte>());
        Assert.Equal(copyright.WriteToMemory<byte>(), nothing.WriteToMemory<byte>());
    }

    [Theory]
    [InlineData("<span size='999999'>x</span>")]
    [InlineData("</b></span>&#0;&bogus;")]
    [InlineData("a\u202Eb\0c\nd\te\uD800")]
    [InlineData("<")]
    [InlineData("%s%n%x {0}")]
    public void Whatever_a_viewer_is_called_can_be_written(string name)
    {
        var picture = imaging.Renderer.Render(master, new RenderSpec(600, RenditionFormat.Jpeg, new WatermarkSpec { Text = name, Position = WatermarkPosition.Tiled }));

        Assert.Equal((600, 400), (picture.Width, picture.Height));
        Assert.NotEmpty(ChangedFields(new WatermarkSpec { Text = name, Position = WatermarkPosition.Tiled, Opacity = 1 }));
    }

    [Fact]
    public void Right_to_left_text_runs_from_the_right()
    {
        using var mask = Lettering.Draw("אבגדה", 600, 300, 1500, 1000);
        using var turned = Lettering.Draw("הדגבא", 600, 300, 1500, 1000);

        Assert.NotEqual(mask.WriteToMemory<byte>(), turned.WriteToMemory<byte>());
        // Alef, the first letter, is on the right: its two legs reach lower there than the letters next to dalet in the reverse order.
        using var alef = Lettering.Draw("א", 600, 300, 1500, 1000);
        Assert.True(Similar(alef, mask, fromRight: true) > Similar(alef, mask, fromRight: false));
    }

    [Theory]
    [InlineData("#ffffff")]
    [InlineData("#101010")]
    public void Letters_stand_out_from_light_dark_and_middling_ground(string color)
    {
        foreach (var ground in new byte[] { 8, 128, 247 })
        {
            using var flat = VipsPixels.ToImage(Enumerable.Repeat(ground, 900 * 600 * 3).ToArray(), 900, 600, 3);
            var spec = new WatermarkSpec { Text = "Anna Fischer", Color = color, Opacity = 0.6, WidthPercent = 50, Position = WatermarkPosition.Center };
            var marked = Pixels(imaging.Renderer.Render(VipsEncode.Jpeg(flat, 95), new RenderSpec(900, RenditionFormat.Jpeg, spec)).Bytes);

            Assert.True(marked.Max() - marked.Min() > 60, $"{color} on {ground}: {marked.Min()} to {marked.Max()}");
        }
    }

    [Fact]
    public async Task A_logo_is_cleaned_and_laid_on_with_its_own_shape()
    {
        var logo = (await imaging.Processor.InspectLogoAsync(TestPictures.PngWithAlpha(500, 200, seed: 2), TestContext.Current.CancellationToken)).Logo!;

        Assert.Equal((500, 200), (logo.Width, logo.Height));
        Assert.Equal([0], ChangedFields(new WatermarkSpec { LogoPng = logo.Png, Position = WatermarkPosition.TopLeft, Opacity = 0.9, WidthPercent = 20 }));
        Assert.Equal(9, ChangedFields(new WatermarkSpec { LogoPng = logo.Png, Position = WatermarkPosition.Tiled, Opacity = 0.9, WidthPercent = 15 }).Length);
    }

    [Fact]
    public async Task What_is_no_fit_logo_is_refused()
    {
        var tooLong = Image.Black(4001, 2);
        using (tooLong)
        {
            Assert.Equal(ImageRefusal.ImageTooLargeCode, await CodeAsync(VipsEncode.Png(tooLong)));
        }

        Assert.Equal(ImageRefusal.ImageTooLargeCode, await CodeAsync([.. TestPictures.PngWithAlpha(20, 20, 1), .. new byte[LogoInspector.MaxBytes]]));
        Assert.Equal(ImageRefusal.UnsupportedFormatCode, await CodeAsync(TestPictures.Avif(40, 40, 1)));
        Assert.Equal(ImageRefusal.UnsupportedFormatCode, await CodeAsync([]));
        Assert.Null(await CodeAsync(TestPictures.Jpeg(40, 40, 1)));
        Assert.Null(await CodeAsync(TestPictures.WebP(40, 40, 1)));
        Assert.Contains(await CodeAsync(TestPictures.PngWithAlpha(300, 300, 1)[..^4000]), new string?[] { ImageRefusal.ImageTruncatedCode, ImageRefusal.ImageCorruptCode });

        async Task<string?> CodeAsync(byte[] png) => (await imaging.Processor.InspectLogoAsync(png, TestContext.Current.CancellationToken)).Refusal?.Code;
    }

    [Fact]
    public void Many_can_be_rendered_at_once()
    {
        var first = imaging.Renderer.Render(master, Spec(0)).Bytes;

        var all = Enumerable.Range(0, 24).AsParallel().WithDegreeOfParallelism(8).Select(i => imaging.Renderer.Render(master, Spec(i)).Bytes).ToList();

        Assert.All(all.Where((_, i) => i % 3 == 0), bytes => Assert.Equal(first, bytes));

        static RenderSpec Spec(int i) => new(500, RenditionFormat.Jpeg, new WatermarkSpec { Text = "Anna " + i % 3, Position = WatermarkPosition.Tiled });
    }

    private int[] ChangedFields(WatermarkSpec spec) => [.. Changes(spec).Select((change, field) => (change, field)).Where(c => c.change > 0.35).Select(c => c.field)];

    // The mean change of a sample in each of nine fields of the picture, row by row.
    private double[] Changes(WatermarkSpec spec)
    {
        var clean = Pixels(imaging.Renderer.Render(master, new RenderSpec(900, RenditionFormat.Jpeg)).Bytes);
        var marked = Pixels(imaging.Renderer.Render(master, new RenderSpec(900, RenditionFormat.Jpeg, spec)).Bytes);
        var sums = new double[9];
        for (var i = 0; i < clean.Length; i++)
        {
            var (x, y) = (i / 3 % 900, i / 3 / 900);
            sums[y / 200 * 3 + x / 300] += Math.Abs(clean[i] - marked[i]);
        }

        return [.. sums.Select(s => s / (clean.Length / 9.0))];
    }

    // The covered fraction of each border: left, top, right, bottom.
    private static (double Left, double Top, double Right, double Bottom) Borders(Image mask)
    {
        using var held = mask.CopyMemory();
        var pixels = held.Samples.ToArray();
        var (w, h) = (held.Width, held.Height);
        return (
            Enumerable.Range(0, h).Count(y => pixels[y * w] > 200) / (double)h,
            Enumerable.Range(0, w).Count(x => pixels[x] > 200) / (double)w,
            Enumerable.Range(0, h).Count(y => pixels[y * w + w - 1] > 200) / (double)h,
            Enumerable.Range(0, w).Count(x => pixels[(h - 1) * w + x] > 200) / (double)w);
    }

    // The fraction of the letter's pixels that the fifth of the text on that side has too.
    private static double Similar(Image letter, Image text, bool fromRight)
    {
        var height = text.Height;
        using var scaled = Proofsheet.Api.Imaging.Steps.Resizing.To(letter, letter.Width * height / letter.Height, height);
        var width = Math.Min(scaled.Width, text.Width / 5);
        using var part = text.ExtractArea(fromRight ? text.Width - width : 0, 0, width, height);
        using var same = scaled.ExtractArea(fromRight ? scaled.Width - width : 0, 0, width, height);
        var (a, b) = (part.WriteToMemory<byte>(), same.WriteToMemory<byte>());
        return a.Zip(b, (x, y) => Math.Abs(x - y) < 80 ? 1.0 : 0).Average();
    }

    private static byte[] Pixels(byte[] jpeg)
    {
        using var image = Image.JpegloadBuffer(jpeg);
        Assert.Equal((900, 600, 3), (image.Width, image.Height, image.Bands));
        return image.WriteToMemory<byte>();
    }
}
