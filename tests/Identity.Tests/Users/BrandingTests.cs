using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Proofsheet.Identity.Pages.Branding;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

public sealed class BrandingTests
{
    private static readonly Uri Api = new("https://api.example");

    [Fact]
    public async Task A_sign_in_for_a_studio_looks_like_the_studio()
    {
        await using var api = await ApiAsync(() => Results.Json(new { slug = "anna-studio", name = "Anna <Studio>", logoUrl = "/v1/media/logos/1.png", accentColor = "#0a5c36" }));
        await using var host = await IdentityHost.StartAsync(new() { ["Branding:ApiUrl"] = api.Urls.Single() });
        using var browser = new PageClient(host);

        var page = await SignInPageAsync(browser, "anna-studio");

        page.Body.Should().Contain("Anna &lt;Studio&gt;").And.NotContain("Anna <Studio>").And.Contain($"{api.Urls.Single()}/v1/media/logos/1.png").And.Contain("/brands/anna-studio.css");
        page.Headers["Content-Security-Policy"].Should().Contain($"img-src 'self' {api.Urls.Single()};");
        (await browser.GetAsync("/brands/anna-studio.css")).Body.Should().Contain("--accent: #0a5c36; --on-accent: #ffffff;");
    }

    [Fact]
    public async Task Without_an_answer_within_a_second_the_page_looks_like_ours_and_asks_no_more_for_a_while()
    {
        var asked = 0;
        var never = new TaskCompletionSource();
        await using var api = await ApiAsync(() =>
        {
            Interlocked.Increment(ref asked);
            return new Waiting(never.Task);
        });
        await using var host = await IdentityHost.StartAsync(new() { ["Branding:ApiUrl"] = api.Urls.Single() });
        using var browser = new PageClient(host);

        (await SignInPageAsync(browser, "slow-studio")).Body.Should().Contain("Proofsheet account");
        (await SignInPageAsync(browser, "slow-studio")).Body.Should().Contain("Proofsheet account");

        asked.Should().Be(1);
        never.SetResult();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"name\":7}")]
    [InlineData("{\"name\":\"\"}")]
    public async Task Nonsense_of_the_API_is_no_brand(string body)
    {
        await using var api = await ApiAsync(() => Results.Text(body, "application/json"));
        await using var host = await IdentityHost.StartAsync(new() { ["Branding:ApiUrl"] = api.Urls.Single() });
        using var browser = new PageClient(host);

        (await SignInPageAsync(browser, "anna-studio")).Body.Should().Contain("Proofsheet account");
    }

    [Theory]
    [InlineData("https://cdn.example/logo.png", "https://cdn.example/logo.png")]
    [InlineData("/v1/media/logo.png", "https://api.example/v1/media/logo.png")]
    [InlineData("http://cdn.example/logo.png", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("data:image/svg+xml,x", null)]
    [InlineData("https://user:pass@cdn.example/logo.png", null)]
    [InlineData(null, null)]
    public void A_logo_comes_by_https_or_from_the_API(string? told, string? taken) => StudioBrand.Of("s", "Studio", told, null, Api).LogoUrl.Should().Be(taken);

    [Theory]
    [InlineData("red")]
    [InlineData("#12345")]
    [InlineData("#1234567")]
    [InlineData("#00000g")]
    [InlineData("#000000; } body { display: none")]
    [InlineData(null)]
    public void What_is_no_color_is_left_out(string? told) => StudioBrand.Of("s", "Studio", null, told, Api).ToCss().Should().BeEmpty();

    [Theory]
    [InlineData("#ffffff")]
    [InlineData("#ffff00")]
    [InlineData("#000000")]
    [InlineData("#808080")]
    [InlineData("#0a5c36")]
    [InlineData("#ff0066")]
    public void Text_on_the_studios_color_can_always_be_read_and_links_keep_to_what_can(string accent)
    {
        var css = StudioBrand.Of("s", "Studio", null, accent, Api).ToCss();

        StudioBrand.Contrast(accent, Value(css, "--on-accent")).Should().BeGreaterThanOrEqualTo(4.5);
        var light = css.Split('@')[0];
        if (light.Contains("--link", StringComparison.Ordinal))
        {
            StudioBrand.Contrast(Value(light, "--link"), "#ffffff").Should().BeGreaterThanOrEqualTo(4.5);
        }

        var dark = Value(css.Split('@')[1], "--link");
        if (dark.StartsWith('#'))
        {
            StudioBrand.Contrast(dark, "#1d2024").Should().BeGreaterThanOrEqualTo(4.5);
        }

        static string Value(string css, string name) => css.Split($"{name}: ")[1].Split(';')[0];
    }

    private static async Task<PageAnswer> SignInPageAsync(PageClient browser, string tenant)
    {
        var request = OAuth.Request(TestClients.Web, ("acr_values", $"tenant:{tenant}"));
        var sent = await browser.GetAsync("/connect/authorize?" + string.Join('&', request.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}")));
        return await browser.GetAsync(sent.Location!);
    }

    private static async Task<WebApplication> ApiAsync(Func<IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet("/v1/brands/{slug}", answer);
        await app.StartAsync();
        return app;
    }

    private sealed class Waiting(Task until) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => until;
    }
}
