using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Mail.Templates;
using Xunit;

namespace Proofsheet.Api.Tests.Mail;

public sealed class MailRendererTests
{
    private static readonly MailBrand Brand = new()
    {
        Name = "Atelier Änne & Co", LogoUrl = "https://cdn.example.com/logo.png", AccentColor = "#ffcc00", FooterText = "Lindenstraße 1\nBerlin",
    };

    [Fact]
    public async Task A_mail_carries_the_studios_brand()
    {
        var mail = await RenderAsync(Brand, "https://example.com/o/1?a=1&b=2", "See you soon");

        mail.Html.Should().StartWith("<!DOCTYPE html>").And.Contain("<html lang=\"en\">")
            .And.Contain("src=\"https://cdn.example.com/logo.png\"").And.Contain("alt=\"Atelier &#xC4;nne &amp; Co\"")
            .And.Contain("background-color:#ffcc00").And.Contain("color:#000000").And.Contain("Lindenstra&#xDF;e 1")
            .And.Contain("href=\"https://example.com/o/1?a=1&amp;b=2\"").And.Contain("@media (prefers-color-scheme: dark)");
        mail.Html.Should().NotContain("<script").And.NotContain("<link").And.NotContain("<!--");
    }

    [Fact]
    public async Task The_plain_text_says_the_same_without_markup()
    {
        var mail = await RenderAsync(Brand, "https://example.com/o/1?a=1&b=2", "1 < 2 & <b>not bold</b>\n\nAnna");

        mail.Text.Should().Be("""
            Atelier Änne & Co

            Your mail settings work

            This mail was sent to try out the settings of Atelier Änne & Co.

            1 < 2 & <b>not bold</b>

            Anna

            Open Proofsheet: https://example.com/o/1?a=1&b=2

            Lindenstraße 1
            Berlin

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task What_users_write_is_text_and_nothing_else()
    {
        const string Attack = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";

        var mail = await RenderAsync(new MailBrand { Name = Attack, FooterText = Attack, LogoUrl = "https://x.example/" + Attack }, "https://example.com/" + Attack, Attack);

        mail.Html.Should().NotContain("<script").And.NotContain("<img src=x").And.NotContain("\"><s");
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("/relative")]
    [InlineData("not an address")]
    public async Task Addresses_that_do_something_are_left_out(string url)
    {
        var mail = await RenderAsync(Brand with { LogoUrl = url }, url, null);

        mail.Html.Should().NotContain(url).And.NotContain("<a ").And.NotContain("<img");
    }

    [Theory]
    [InlineData("#000000", "#000000", "#ffffff")]
    [InlineData("#ffffff", "#ffffff", "#000000")]
    [InlineData("red;background:url(x)", "#2f3a4a", "#ffffff")]
    [InlineData("#12345g", "#2f3a4a", "#ffffff")]
    [InlineData(null, "#2f3a4a", "#ffffff")]
    public void Colors_are_colors_and_can_be_read_upon(string? color, string accent, string on)
    {
        var brand = Brand with { AccentColor = color };

        (brand.Accent, brand.OnAccent).Should().Be((accent, on));
    }

    private static async Task<RenderedMail> RenderAsync(MailBrand brand, string url, string? note)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        return await new MailRenderer(services, NullLoggerFactory.Instance)
            .RenderAsync<SettingsTestMail>(new Dictionary<string, object?> { ["Brand"] = brand, ["Url"] = url, ["Note"] = note });
    }
}
