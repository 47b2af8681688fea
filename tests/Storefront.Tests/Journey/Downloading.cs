using System.IO.Compression;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Stage;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Journey;

/// <summary>The purchased files, on the visitor's own disk.</summary>
internal static class Downloading
{
    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    public static async Task DownloadEverythingAsync(this Visit visit, GalleryOnStage gallery, byte[] original, string originalName)
    {
        var files = visit.Page.Locator(".download");
        await See(files).ToHaveCountAsync(2);
        await See(files.Filter(new() { HasText = originalName })).ToContainTextAsync($"Full size · {Math.Round(original.Length / 1000.0, MidpointRounding.AwayFromZero)} KB · 10 downloads left");
        await visit.SeeEveryPictureAsync();
        await visit.CheckAsync("paid");

        var whole = files.Filter(new() { HasText = originalName }).GetByRole(AriaRole.Link);
        (await visit.FetchAsync(() => whole.ClickAsync())).Content.Should().Equal(original, "the full size is the file as it was uploaded");

        var (name, zip) = await visit.FetchAsync(() => visit.Page.GetByRole(AriaRole.Link, new() { Name = "Download all as ZIP" }).ClickAsync());
        var number = (await visit.Page.Locator(".page-title .eyebrow").TextContentAsync())!.Replace("Order ", "", StringComparison.Ordinal);
        name.Should().Be($"{gallery.Slug}-{number}.zip");
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        archive.Entries.Should().HaveCount(2);
        var contents = archive.Entries.Select(Bytes).ToList();
        contents.Should().OnlyContain(c => IsJpeg(c));
        contents.Select(Secrets.Hash).Should().Contain(Secrets.Hash(original));

        // The other one is the web file: smaller than the original, and different from everything the gallery has shown.
        var web = contents.Single(c => Secrets.Hash(c) != Secrets.Hash(original));
        web.Length.Should().BeLessThan(original.Length);
        (await visit.Received.FilesAsync()).Select(f => f.Hash).Should().NotContain(Secrets.Hash(web), "what was bought bears no watermark");
    }

    public static async Task FindItAgainAfterAReloadAsync(this Visit visit, GalleryOnStage gallery)
    {
        var number = (await visit.Page.Locator(".page-title .eyebrow").TextContentAsync())!.Replace("Order ", "", StringComparison.Ordinal);
        await visit.Page.ReloadAsync();
        await visit.SeeItPaidAsync();
        await See(visit.Page.Locator(".download")).ToHaveCountAsync(2);
        await See(visit.Page.Locator(".order-line")).ToHaveCountAsync(3);

        await visit.Page.GotoAsync($"/g/{gallery.Slug}/orders");
        await See(visit.Page.GetByRole(AriaRole.Link, new() { Name = number })).ToBeVisibleAsync();
        await visit.CheckAsync("orders");
        await visit.Page.GotoAsync($"/g/{gallery.Slug}/cart");
        await See(visit.Heading("Nothing here yet")).ToBeVisibleAsync();
        await visit.CheckAsync("empty-cart");
    }

    /// <summary>What the browser downloads after this, and the name it is saved under.</summary>
    public static async Task<(string Name, byte[] Content)> FetchAsync(this Visit visit, Func<Task> act)
    {
        var download = await visit.Page.RunAndWaitForDownloadAsync(act, new() { Timeout = 120_000 });
        (await download.FailureAsync()).Should().BeNull();
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static bool IsJpeg(byte[] content) => content.AsSpan().StartsWith(JpegStart);
}
