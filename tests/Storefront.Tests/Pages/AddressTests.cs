using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Pages;

/// <summary>Getting to a gallery: former URLs, URLs in capitals, PINs of every length.</summary>
public sealed class AddressTests(StorefrontStage stage)
{
    [Theory]
    [InlineData(Desktop, "31415926", "eight")]
    [InlineData(Telephone, "31415926", "eight")]
    [InlineData(Telephone, "314159265358", "twelve")]
    public async Task A_longer_PIN_has_a_box_for_each_digit_and_opens_with_the_last(int width, string pin, string length)
    {
        await using var visit = await StartAsync(stage, width, firstNumber: pin.Length + 70);
        var gallery = await stage.Studio.OwnGalleryAsync($"Behind {length} digits {width}", pin);
        await visit.Page.GotoAsync($"/g/{gallery.Slug}");
        var field = visit.Label($"Enter your {length}-digit PIN");
        await See(field).ToBeVisibleAsync();
        await See(visit.Page.Locator(".pin-cell")).ToHaveCountAsync(pin.Length);

        await field.PressSequentiallyAsync(pin[..^1]);
        await visit.CheckAsync($"{length}-digits");
        await field.PressSequentiallyAsync(pin[^1..]);

        await See(visit.Heading("No photographs yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_renamed_gallerys_old_address_leads_to_the_new_one_and_whoever_is_in_stays_in()
    {
        var gallery = await stage.Studio.OwnGalleryAsync("Before the name", "271828");
        await using var inside = await StartAsync(stage, Desktop, firstNumber: 84);
        await inside.Page.GotoAsync($"/g/{gallery.Slug}");
        await inside.Label("Enter your six-digit PIN").FillAsync("271828");
        await See(inside.Heading("No photographs yet")).ToBeVisibleAsync();

        await stage.Studio.Api.PatchAsync($"/v1/galleries/{gallery.Id}", new { slug = "after-the-name" });

        await inside.Page.GotoAsync($"/g/{gallery.Slug}");
        await See(inside.Heading("No photographs yet")).ToBeVisibleAsync();
        await Assertions.Expect(inside.Page).ToHaveURLAsync(new Regex("/g/after-the-name$"));
        await inside.CheckAsync("renamed");

        await using var newcomer = await StartAsync(stage, Telephone, firstNumber: 85);
        await newcomer.Page.GotoAsync($"/g/{gallery.Slug}/orders?from=mail");
        await newcomer.Label("Enter your six-digit PIN").FillAsync("271828");
        await See(newcomer.Label("Enter your six-digit PIN")).Not.ToBeVisibleAsync();
        await Assertions.Expect(newcomer.Page).ToHaveURLAsync(new Regex(@"/g/after-the-name/orders\?from=mail$"));
        // The old URL is replaced in the history: going back leads out, not in a circle.
        await newcomer.Page.GoBackAsync();
        await Assertions.Expect(newcomer.Page).ToHaveURLAsync("about:blank");
    }

    [Fact]
    public async Task An_address_in_capitals_opens_the_gallery_at_its_own()
    {
        var gallery = stage.Studio.Public;
        await using var visit = await StartAsync(stage, Desktop, firstNumber: 86);

        await visit.Page.GotoAsync($"/g/{gallery.Slug.ToUpperInvariant()}");

        await See(visit.Page.Locator(".tile").First).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page).ToHaveURLAsync(new Regex($"/g/{gallery.Slug}$"));
        await visit.CheckAsync("capitals");
    }
}
