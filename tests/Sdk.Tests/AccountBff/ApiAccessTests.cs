using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Proofsheet.Sdk.Tests.AccountBff;

public sealed class ApiAccessTests : IAsyncLifetime
{
    private BffStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await BffStage.StartAsync();

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Theory]
    [InlineData("GET", "/bff/user")]
    [InlineData("POST", "/bff/sign-out")]
    [InlineData("GET", "/bff/api/v1/galleries")]
    [InlineData("POST", "/bff/api/v1/galleries")]
    [InlineData("DELETE", "/bff/api/v1/galleries/gal_1")]
    public async Task Without_the_header_of_own_scripts_nothing_happens_CSRF(string method, string path)
    {
        var browser = await _stage.SignedInAsync();
        foreach (var (own, headers) in new (bool, (string, string)[])[]
        {
            (false, []),
            (false, [("X-CSRF", "0")]),
            (true, [("Origin", "https://evil.example")]),
            (true, [("Origin", "null")]),
            (true, [("Sec-Fetch-Site", "cross-site")]),
            (true, [("Sec-Fetch-Site", "same-site")]),
        })
        {
            var answer = await browser.SendAsync(new HttpMethod(method), path, own, null, headers);
            answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, "{0}", headers);
            (await answer.Content.ReadAsStringAsync()).Should().Contain("\"csrf\"");
        }

        _stage.Authority.ApiAsked.Should().BeEmpty();
        (await browser.UserAsync()).Should().NotBeNull("nobody signed out");
    }

    [Fact]
    public async Task Another_site_gets_no_leave_to_send_the_header()
    {
        var browser = await _stage.SignedInAsync();

        var preflight = await browser.SendAsync(HttpMethod.Options, "/bff/api/v1/galleries", false, null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-csrf"));

        preflight.Headers.Contains("Access-Control-Allow-Origin").Should().BeFalse();
        preflight.Headers.Contains("Access-Control-Allow-Headers").Should().BeFalse();
    }

    [Fact]
    public async Task The_API_gets_the_token_and_neither_cookie_nor_a_credential_of_the_page()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Authority.Api = async http =>
        {
            http.Response.StatusCode = 201;
            http.Response.Headers.ETag = "\"7\"";
            http.Response.Headers.SetCookie = "api=1";
            await http.Response.WriteAsJsonAsync(new { id = "gal_1" });
        };

        var answer = await browser.SendAsync(HttpMethod.Post, "/bff/api/v1/galleries?limit=3", true, new StringContent("{\"title\":\"Anna\"}", Encoding.UTF8, "application/json"),
            ("Authorization", "Bearer stolen"), ("Idempotency-Key", "k-1"));

        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        answer.Headers.ETag!.Tag.Should().Be("\"7\"");
        answer.Headers.Contains("Set-Cookie").Should().BeFalse();
        (await answer.Content.ReadAsStringAsync()).Should().Be("{\"id\":\"gal_1\"}");
        _stage.Authority.ApiAsked.Should().Equal(("POST /v1/galleries?limit=3", "Bearer access-1", null, "{\"title\":\"Anna\"}"));
    }

    [Theory]
    [InlineData("/bff/api/health")]
    [InlineData("/bff/api/v1/../connect/token")]
    [InlineData("/bff/api/v1/%2e%2e/connect/token")]
    [InlineData("/bff/api//evil.example/v1/x")]
    [InlineData("/bff/api/@evil.example/v1/x")]
    public async Task Only_the_API_is_reached(string path)
    {
        var browser = await _stage.SignedInAsync();

        (await browser.GetAsync(path, own: true)).StatusCode.Should().Be(HttpStatusCode.NotFound);

        _stage.Authority.ApiAsked.Should().BeEmpty();
    }

    [Fact]
    public async Task Nobody_signed_in_is_401_and_the_API_is_not_asked()
    {
        var answer = await _stage.NewBrowser().GetAsync("/bff/api/v1/galleries", own: true);

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"not_signed_in\"");
        _stage.Authority.ApiAsked.Should().BeEmpty();
    }

    [Fact]
    public async Task Twenty_requests_at_once_refresh_once_Refresh_race()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Clock.Advance(TimeSpan.FromMinutes(15));
        var before = _stage.Authority.Count("POST /connect/token");
        _stage.Authority.HoldRefresh = new();
        var asked = Enumerable.Range(0, 20).Select(_ => browser.GetAsync("/bff/api/v1/galleries", own: true)).ToList();
        await EventuallyAsync(() => _stage.Authority.Count("POST /connect/token") > before);
        _stage.Authority.HoldRefresh.SetResult();

        (await Task.WhenAll(asked)).Select(a => a.StatusCode).Distinct().Should().Equal(HttpStatusCode.OK);

        _stage.Authority.Count("POST /connect/token").Should().Be(before + 1);
        _stage.Authority.ApiAsked.Select(a => a.Authorization).Distinct().Should().Equal("Bearer access-2");
    }

    [Fact]
    public async Task A_token_that_the_API_refuses_is_replaced_once()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        _stage.Authority.Api = http =>
        {
            http.Response.StatusCode = http.Request.Headers.Authorization == "Bearer access-1" ? 401 : 204;
            return Task.CompletedTask;
        };

        (await browser.GetAsync("/bff/api/v1/galleries", own: true)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        _stage.Authority.ApiAsked.Select(a => a.Authorization).Should().Equal("Bearer access-1", "Bearer access-2");
    }

    [Fact]
    public async Task A_session_that_the_authority_ended_ends_here_at_the_next_refresh()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Authority.EndAll();
        _stage.Clock.Advance(TimeSpan.FromMinutes(15));

        (await browser.GetAsync("/bff/api/v1/galleries", own: true)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        browser.Session.Should().BeNull("the cookie is taken back");
        _stage.Authority.ApiAsked.Should().BeEmpty();
    }

    [Fact]
    public async Task A_session_whose_tokens_the_API_and_the_authority_refuse_ends_here_at_once()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Authority.EndAll();
        _stage.Authority.Api = RefuseAsync;
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));

        var answer = await browser.SendAsync(HttpMethod.Post, "/bff/api/v1/galleries", true, new StringContent("{}", Encoding.UTF8, "application/json"));

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"not_signed_in\"");
        browser.Session.Should().BeNull();
    }

    [Fact]
    public async Task A_request_with_a_body_is_not_sent_twice_and_the_next_one_has_the_new_token()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Authority.Api = http =>
        {
            http.Response.StatusCode = http.Request.Headers.Authorization == "Bearer access-1" ? 401 : 204;
            return Task.CompletedTask;
        };
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        Task<HttpResponseMessage> Send() => browser.SendAsync(HttpMethod.Post, "/bff/api/v1/galleries", true, new StringContent("{}", Encoding.UTF8, "application/json"));

        (await Send()).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        browser.Session.Should().NotBeNull("the authority gave another token");
        (await Send()).StatusCode.Should().Be(HttpStatusCode.NoContent);

        _stage.Authority.ApiAsked.Select(a => a.Authorization).Should().Equal("Bearer access-1", "Bearer access-2");
    }

    [Fact]
    public async Task Scripts_are_told_that_nobody_is_signed_in_once_the_tokens_are_dead()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Authority.EndAll();
        (await browser.UserAsync()).Should().NotBeNull("the access token still lives");

        _stage.Clock.Advance(TimeSpan.FromMinutes(15));

        (await browser.UserAsync()).Should().BeNull();
        browser.Session.Should().BeNull("the cookie is taken back");
    }

    [Theory]
    [InlineData(15)] // The access token has run out.
    [InlineData(1)] // The API refuses it before that.
    public async Task The_page_shows_the_sign_in_once_the_tokens_are_dead(int minutes)
    {
        var browser = await _stage.SignedInAsync();
        _stage.Authority.EndAll();
        _stage.Authority.Api = RefuseAsync;
        _stage.Clock.Advance(TimeSpan.FromMinutes(minutes));

        var answer = await browser.GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("Your session has ended.").And.Contain("/bff/sign-in?returnTo=/").And.NotContain("no access to this studio");
        browser.Session.Should().BeNull();
    }

    [Fact]
    public async Task An_authority_that_cannot_be_reached_ends_no_session()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Authority.IsDown = true;
        _stage.Clock.Advance(TimeSpan.FromMinutes(15));

        (await browser.UserAsync()).Should().NotBeNull();
        (await browser.GetAsync("/")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await browser.GetAsync("/bff/api/v1/galleries", own: true)).StatusCode.Should().Be(HttpStatusCode.BadGateway);

        browser.Session.Should().NotBeNull();
        _stage.Authority.IsDown = false;
        (await browser.GetAsync("/bff/api/v1/galleries", own: true)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = 401;
        return http.Response.WriteAsync("""{"status":401,"code":"expired_credential"}""");
    }

    [Fact]
    public async Task Photographs_pass_through_as_they_come()
    {
        var browser = await _stage.SignedInAsync();
        long received = 0;
        _stage.Authority.Api = http => Task.CompletedTask;
        using var photo = new ByteArrayContent(new byte[2 << 20]);
        photo.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

        (await browser.SendAsync(HttpMethod.Post, "/bff/api/v1/galleries/gal_1/photos", true, photo)).StatusCode.Should().Be(HttpStatusCode.OK);

        received = _stage.Authority.ApiAsked.Single().Body.Length;
        received.Should().Be(2 << 20);
    }

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
