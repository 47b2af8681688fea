using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Sdk;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;

namespace Proofsheet.Storefront.Tests.Uploading;

/// <summary>The TypeScript SDK's uploads in a real browser, from a page on another origin than the API and the store.</summary>
public sealed class UploadingTests(StorefrontStage storefront, UploadStage stage) : IClassFixture<UploadStage>
{
    private readonly ConcurrentQueue<(string Method, Uri Address, long Offset)> _asked = new();
    private readonly ConcurrentQueue<string> _troubles = new();

    [Fact]
    public async Task An_upload_goes_on_after_the_network_was_away_and_after_the_page_was_reloaded()
    {
        UploadStage.RequireInstalled();
        var gallery = await GalleryAsync();
        await using var site = UploadPage.Open(stage, gallery.Id, sendsDirectly: false);
        var page = await OpenAsync();
        // Slow pieces, so that the upload can be interrupted in the middle.
        await page.RouteAsync("**/v1/uploads/*", async route =>
        {
            await Task.Delay(150);
            await route.ContinueAsync();
        });

        var files = Pictures[..2];
        await ChooseAsync(page, files);
        await Assertions.Expect(page.Locator("#bar")).Not.ToHaveJSPropertyAsync("value", 0);
        await page.Context.SetOfflineAsync(true);
        await Assertions.Expect(page.Locator("#stage")).ToHaveTextAsync("waiting");
        await page.Context.SetOfflineAsync(false);
        await Assertions.Expect(page.Locator("#stage")).ToHaveTextAsync("sending");
        (await page.Locator("#done").TextContentAsync()).Should().BeEmpty("the page is left in the middle");
        await page.ReloadAsync();
        _asked.Clear();
        await ChooseAsync(page, files);

        await DoneAsync(page, gallery, files);
        _asked.Where(a => a.Method == "PATCH").Min(a => a.Offset).Should().BeGreaterThan(0, "no file started over");
        _asked.Should().NotContain(a => a.Address.Port == stage.Store.Port);
        (await page.EvaluateAsync<int>("() => localStorage.length")).Should().Be(0, "nothing is unfinished");
    }

    [Fact]
    public async Task Files_go_from_the_browser_to_the_store_itself()
    {
        UploadStage.RequireInstalled();
        var gallery = await GalleryAsync();
        await using var site = UploadPage.Open(stage, gallery.Id, sendsDirectly: true);
        var page = await OpenAsync();

        // Other files than above, because what the studio already has is not sent.
        var files = Pictures[2..4];
        await ChooseAsync(page, files);

        await DoneAsync(page, gallery, files);
        _asked.Count(a => a.Method == "PUT" && a.Address.Port == stage.Store.Port).Should().Be(files.Length);
        _asked.Should().NotContain(a => a.Method == "PATCH");
        _troubles.Should().BeEmpty();
    }

    private string[] Pictures => [.. storefront.Originals.Values];

    private Task<Gallery> GalleryAsync() => stage.Client.Galleries.CreateAsync(new() { Title = "Uploads" });

    private async Task<IPage> OpenAsync()
    {
        var page = await storefront.Browser.NewPageAsync();
        page.Request += (_, request) =>
            _asked.Enqueue((request.Method, new Uri(request.Url), request.Headers.TryGetValue("upload-offset", out var offset) ? long.Parse(offset, CultureInfo.InvariantCulture) : 0));
        page.Console += (_, message) =>
        {
            // Browsers request one when a page does not name another.
            if (message.Type == "error" && !message.Location.Contains("/favicon.ico", StringComparison.Ordinal))
            {
                _troubles.Enqueue(message.Text);
            }
        };
        await page.GotoAsync(stage.Page.AbsoluteUri);
        return page;
    }

    private static Task ChooseAsync(IPage page, string[] files) => page.GetByLabel("Photographs").SetInputFilesAsync(files);

    private async Task DoneAsync(IPage page, Gallery gallery, string[] files)
    {
        await Assertions.Expect(page.Locator("#done")).ToHaveTextAsync(string.Join(", ", files.Select(f => $"{Path.GetFileName(f)} accepted")));
        var photos = new List<Photo>();
        await foreach (var photo in stage.Client.Photos.ListAllAsync(gallery.Id))
        {
            photos.Add(photo);
        }

        photos.Select(p => p.CurrentVersion.Sha256).Should().BeEquivalentTo(files.Select(f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))));
    }
}
