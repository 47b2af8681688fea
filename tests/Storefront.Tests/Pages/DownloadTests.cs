using System.IO.Compression;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Journey;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Pages;

/// <summary>What a gallery's rules let a visitor download without buying it.</summary>
public sealed partial class DownloadTests(StorefrontStage stage)
{
    private const string DownloadPin = "753159";

    private IReadOnlyList<string> Pictures => [.. stage.Originals.Values.Order(StringComparer.Ordinal).Take(3)];

    [Fact]
    public async Task On_a_telephone_photographs_are_handed_to_the_share_sheet_in_as_many_parts_as_it_takes()
    {
        await using var visit = await StartAsync(stage, Telephone, firstNumber: 30);
        var gallery = await stage.Studio.DownloadableAsync("Take them with you", Pictures, new { allowsDownloads = true, sizes = new[] { "web", "full" } });
        // A share sheet that takes two files at once, and says nothing of that beforehand.
        await visit.Page.AddInitScriptAsync(
            """
            window.shared = [];
            Navigator.prototype.canShare = data => data.files.every(file => file.type.startsWith("image/"));
            Navigator.prototype.share = async data => {
                if (data.files.length > 2) throw new DOMException("Permission denied", "NotAllowedError");
                for (const file of data.files) {
                    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
                    window.shared.push(file.name + " " + [...hash].map(byte => byte.toString(16).padStart(2, "0")).join(""));
                }
            };
            """);
        await visit.Page.GotoAsync($"/g/{gallery.Slug}");
        await visit.SeePhotographsAsync(gallery);

        await visit.Page.Locator(".tile-link").First.ClickAsync();
        await visit.Button("Download this photo").ClickAsync();
        var sheet = Sheet(visit, "Download this photograph");
        await sheet.GetByRole(AriaRole.Radio, new() { Name = "Full size" }).CheckAsync();
        await visit.CheckAsync("download-photo");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Save or share" }).ClickAsync();
        await HandOverAsync(sheet, "Done: 1 photograph.");
        (await SharedAsync(visit)).Should().Equal([Expected(gallery.Files[0])], "the full size is the file as it was uploaded");
        await sheet.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await visit.Page.Keyboard.PressAsync("Escape");

        await visit.Button("Download photographs").ClickAsync();
        sheet = Sheet(visit, "Download photographs");
        await sheet.GetByRole(AriaRole.Radio, new() { Name = "Full size" }).CheckAsync();
        await visit.CheckAsync("download-all");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Save or share" }).ClickAsync();
        // Three at once are refused, so each is handed over by a tap of its own.
        await HandOverAsync(sheet, "Done: 3 photographs.");
        (await SharedAsync(visit))[1..].Should().Equal(gallery.Files.Select(Expected));
        await visit.CheckAsync("download-shared");
    }

    [Fact]
    public async Task On_a_desktop_a_photo_is_a_file_and_several_are_an_archive_within_what_the_studio_allows()
    {
        await using var visit = await StartAsync(stage, Desktop, firstNumber: 30);
        visit.Expect(403);
        var gallery = await stage.Studio.DownloadableAsync("Yours to keep", Pictures, new
        {
            allowsDownloads = true, sizes = new[] { "web", "full" }, hasPin = true, pin = DownloadPin, photosPerVisitor = 3, audience = "with_email",
        });
        await visit.Page.GotoAsync($"/g/{gallery.Slug}");
        await visit.SeePhotographsAsync(gallery);

        await visit.Button("Download photographs").ClickAsync();
        var sheet = Sheet(visit, "Download photographs");
        await See(sheet.GetByText("would like to know who downloads")).ToBeVisibleAsync();
        await sheet.GetByLabel("Your e-mail").FillAsync("elin@example.com");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await See(sheet.GetByText("You can download 3 more photographs.")).ToBeVisibleAsync();
        await visit.Page.Keyboard.PressAsync("Escape");

        // One photo, by keyboard alone.
        await visit.Page.Locator(".tile-link").First.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Button("Download this photo").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        sheet = Sheet(visit, "Download this photograph");
        await sheet.GetByRole(AriaRole.Radio, new() { Name = "For screens" }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await sheet.GetByLabel("PIN for downloads").FillAsync("111111");
        await visit.Page.Keyboard.PressAsync("Enter");
        await See(sheet.GetByRole(AriaRole.Alert)).ToContainTextAsync("That PIN does not open the downloads");
        await visit.CheckAsync("download-wrong-pin");
        await sheet.GetByLabel("PIN for downloads").FillAsync(DownloadPin);
        var (name, content) = await visit.FetchAsync(() => visit.Page.Keyboard.PressAsync("Enter"));
        name.Should().Be(gallery.Files[0]);
        content.Should().Equal(await File.ReadAllBytesAsync(stage.Originals[gallery.Files[0]]));
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Button("Close").ClickAsync();

        // The picks, in a size that is made first; the PIN is still known.
        foreach (var place in new[] { 0, 2 })
        {
            await visit.Page.Locator(".tile").Nth(place).HoverAsync();
            await visit.Page.Locator(".tile .pick-button").Nth(place).ClickAsync();
        }

        await See(visit.Page.Locator(".pick-bar")).ToContainTextAsync("2 photos picked");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Review" }).ClickAsync();
        await visit.Button("Download", exact: true).ClickAsync();
        sheet = Sheet(visit, "Download photographs");
        await See(sheet.GetByRole(AriaRole.Radio, new() { Name = "Your picks" })).ToBeCheckedAsync();
        (name, content) = await visit.FetchAsync(() => sheet.GetByRole(AriaRole.Button, new() { Name = "Download as ZIP" }).ClickAsync());
        name.Should().Be($"{gallery.Slug}.zip");
        Entries(content).Keys.Should().BeEquivalentTo(gallery.Files[0], gallery.Files[2]);
        await See(sheet.GetByText("Your download has begun")).ToBeVisibleAsync();
        await visit.CheckAsync("download-begun");
        await visit.Page.Keyboard.PressAsync("Escape");

        await visit.Button("Download", exact: true).ClickAsync();
        await sheet.GetByRole(AriaRole.Radio, new() { Name = "All of them" }).CheckAsync();
        await sheet.GetByRole(AriaRole.Radio, new() { Name = "Full size" }).CheckAsync();
        (_, content) = await visit.FetchAsync(() => sheet.GetByRole(AriaRole.Button, new() { Name = "Download as ZIP" }).ClickAsync());
        var all = Entries(content);
        all.Should().HaveCount(3);
        all[gallery.Files[1]].Should().Equal(await File.ReadAllBytesAsync(stage.Originals[gallery.Files[1]]));
        await visit.Page.Keyboard.PressAsync("Escape");

        await visit.Button("Download", exact: true).ClickAsync();
        await See(sheet.GetByText("You have downloaded as many photographs as the studio allows.")).ToBeVisibleAsync();
        await visit.CheckAsync("download-used-up");
    }

    [Fact]
    public async Task Where_the_studio_gives_nothing_away_nothing_is_said_of_downloads()
    {
        await using var visit = await StartAsync(stage, Desktop, firstNumber: 39);
        var asked = visit.Page.WaitForResponseAsync(r => r.Url.EndsWith("/download-options", StringComparison.Ordinal));

        await visit.Page.GotoAsync($"/g/{stage.Studio.Public.Slug}");

        (await asked).Ok.Should().BeTrue();
        await See(visit.Page.Locator(".tile").First).ToBeVisibleAsync();
        await See(visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = Downloads() })).ToHaveCountAsync(0);
    }

    private string Expected(string fileName) => $"{fileName} {Secrets.Hash(File.ReadAllBytes(stage.Originals[fileName]))}";

    private static ILocator Sheet(Visit visit, string title) => visit.Page.GetByRole(AriaRole.Dialog, new() { Name = title });

    private static async Task<string[]> SharedAsync(Visit visit) => await visit.Page.EvaluateAsync<string[]>("() => window.shared");

    /// <summary>Taps until everything is handed over. The first tap may not be needed: shortly after the last one, the share sheet opens by itself.</summary>
    private static async Task HandOverAsync(ILocator sheet, string done)
    {
        var next = sheet.GetByRole(AriaRole.Button, new() { NameRegex = Share() });
        for (var taps = 0; taps < 6; taps++)
        {
            await See(next.Or(sheet.GetByText(done))).ToBeVisibleAsync();
            if (!await next.IsVisibleAsync())
            {
                break;
            }

            var before = await next.TextContentAsync();
            await next.ClickAsync();
            await See(next.And(sheet.GetByText(before!, new() { Exact = true }))).ToHaveCountAsync(0);
        }

        await See(sheet.GetByText(done)).ToBeVisibleAsync();
    }

    private static Dictionary<string, byte[]> Entries(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
        return zip.Entries.ToDictionary(entry => entry.Name, entry =>
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    [GeneratedRegex("^Save or share [0-9]")]
    private static partial Regex Share();

    [GeneratedRegex("[Dd]ownload")]
    private static partial Regex Downloads();
}
