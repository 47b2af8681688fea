using System.Globalization;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Pages;

/// <summary>The demo studio of <c>./build.sh Run</c>, which may be started on another port than last time.</summary>
public sealed class DemoStudioTests(StorefrontStage stage) : IDisposable
{
    private readonly string _folder = TestFolder.New("demo");

    [Fact]
    public async Task A_storefront_at_another_address_opens_the_same_gallery_and_the_key_of_the_old_address_ends()
    {
        StorefrontStage.RequireInstalled();
        var pictures = Directory.CreateDirectory(Path.Combine(_folder, "pictures")).FullName;
        foreach (var (name, file) in stage.Originals.Take(2))
        {
            File.Copy(file, Path.Combine(pictures, name));
        }

        var (first, second) = (new Uri($"http://localhost:{TestPort.Free()}"), new Uri($"http://localhost:{TestPort.Free()}"));
        var (before, progress) = await SeedAsync(first, pictures);
        progress.Should().Equal(Enumerable.Range(1, 10).Select(ten => $"Uploading and processing {10 * ten} %"), "no step is told twice, and none is left out");
        using var oldPage = new ApiClient(stage.Api, Text(before, "publishableKey"), first.GetLeftPart(UriPartial.Authority));
        (await oldPage.TryAsync(HttpMethod.Get, $"/v1/storefront/galleries/{Text(before, "slug")}")).Status.Should().Be(200);

        var (after, nothing) = await SeedAsync(second, pictures);
        nothing.Should().BeEmpty();

        Text(after, "gallery").Should().Be($"{second.GetLeftPart(UriPartial.Authority)}/g/{Text(before, "slug")}");
        Text(after, "galleryId").Should().Be(Text(before, "galleryId"));
        (await oldPage.TryAsync(HttpMethod.Get, $"/v1/storefront/galleries/{Text(before, "slug")}")).Status.Should().Be(401);
        await using var server = await Companion.StartAsync("storefront", ["node", Path.Combine(Checkout.Storefront, "server.mjs")], new Dictionary<string, string>
        {
            ["PORT"] = second.Port.ToString(CultureInfo.InvariantCulture),
            ["PROOFSHEET_API_URL"] = stage.Api.GetLeftPart(UriPartial.Authority),
            ["PROOFSHEET_PUBLISHABLE_KEY"] = Text(after, "publishableKey"),
        }, second);
        await using var visit = await StartAsync(stage, Desktop, firstNumber: 90);
        await visit.Page.GotoAsync(Text(after, "gallery"));
        await visit.Label("Enter your six-digit PIN").FillAsync(Text(after, "pin"));
        await See(visit.Page.Locator(".tile").Nth(1)).ToBeVisibleAsync();
        await visit.CheckAsync("demo-at-another-address");

        // A third start at the same address changes nothing.
        (await SeedAsync(second, pictures)).State.ToJsonString().Should().Be(after.ToJsonString());
    }

    [Fact]
    public async Task The_bar_of_Run_moves_evenly_while_photographs_become_ready_in_leaps()
    {
        StorefrontStage.RequireInstalled();
        await Companion.RunAsync("test of the bar", ["node", "--test", Path.Combine(Checkout.Root, "samples", "demo-studio", "progress.test.mjs")]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Text(JsonNode state, string name) => state[name]!.GetValue<string>();

    private async Task<(JsonNode State, string[] Progress)> SeedAsync(Uri storefront, string pictures)
    {
        var state = Path.Combine(_folder, "demo.json");
        var written = await Companion.RunAsync("demo studio", ["node", Path.Combine(Checkout.Root, "samples", "demo-studio", "seed.mjs")], new Dictionary<string, string>
        {
            ["PROOFSHEET_API_URL"] = stage.Api.GetLeftPart(UriPartial.Authority),
            ["PROOFSHEET_STOREFRONT_URL"] = storefront.GetLeftPart(UriPartial.Authority),
            ["PROOFSHEET_PLATFORM_KEY"] = StorefrontStage.PlatformKey,
            ["PROOFSHEET_PHOTOS"] = pictures,
            ["PROOFSHEET_DEMO_STATE"] = state,
        });
        return (JsonNode.Parse(await File.ReadAllTextAsync(state))!, [.. written.Where(line => line.Contains('%', StringComparison.Ordinal))]);
    }
}
