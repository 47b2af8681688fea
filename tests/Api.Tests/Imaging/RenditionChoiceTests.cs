using System.Text.Json;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Database;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class RenditionChoiceTests
{
    private static readonly Dictionary<RenditionFormat, long> All =
        new() { [RenditionFormat.Jpeg] = 120_000, [RenditionFormat.WebP] = 70_000, [RenditionFormat.Avif] = 60_000 };

    [Fact]
    public void The_smallest_that_is_accepted_is_taken()
    {
        Assert.Equal(RenditionFormat.Avif, RenditionChoice.Of([RenditionFormat.WebP, RenditionFormat.Avif], All));
        Assert.Equal(RenditionFormat.WebP, RenditionChoice.Of([RenditionFormat.WebP], All));
        Assert.Equal(RenditionFormat.Jpeg, RenditionChoice.Of([], All));
    }

    [Fact]
    public void A_newer_format_is_not_taken_for_its_name_alone()
    {
        var small = new Dictionary<RenditionFormat, long>(All) { [RenditionFormat.Avif] = 71_000 };

        Assert.Equal(RenditionFormat.WebP, RenditionChoice.Of([RenditionFormat.Avif, RenditionFormat.WebP], small));
        Assert.Equal(RenditionFormat.Jpeg, RenditionChoice.Of([RenditionFormat.Avif], new Dictionary<RenditionFormat, long>(All) { [RenditionFormat.Avif] = 130_000 }));
    }

    [Fact]
    public void What_is_not_stored_is_never_chosen()
    {
        Assert.Equal(RenditionFormat.Jpeg, RenditionChoice.Of([RenditionFormat.Avif], new Dictionary<RenditionFormat, long> { [RenditionFormat.Jpeg] = 5 }));
        Assert.Equal(RenditionFormat.Jpeg, RenditionChoice.Of([RenditionFormat.Avif], new Dictionary<RenditionFormat, long>()));
    }

    [Fact]
    public void What_a_row_keeps_of_a_size_is_read_back()
    {
        var kept = new StoredRendition(1200, 1200, 800) { Bytes = All };

        var read = JsonSerializer.Deserialize<StoredRendition>(StoredJson.Text(kept), StoredJson.Options)!;

        Assert.Equal((1200, 1200, 800), (read.Size, read.Width, read.Height));
        Assert.Equal(All, read.Bytes);
    }
}
