using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Data.Protocol;
using Proofsheet.Identity.Protocol;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

/// <summary>What applies to all endpoints.</summary>
public sealed class PipelineTests(IdentityHost identity) : ProtocolTests(identity)
{
    [Theory]
    [InlineData("https://spa.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://spa.example.evil.example", false)]
    [InlineData("http://spa.example", false)]
    [InlineData("null", false)]
    public async Task Only_pages_of_registered_origins_may_read_tokens(string origin, bool isAllowed)
    {
        foreach (var path in new[] { "/connect/token", "/connect/userinfo", "/connect/revocation" })
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            preflight.Headers.Add("Access-Control-Request-Headers", "dpop");
            using var post = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([]) };
            post.Headers.Add("Origin", origin);

            foreach (var answer in new[] { await OAuth.SendAsync(preflight), await OAuth.SendAsync(post) })
            {
                (answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null).Should().Be(isAllowed ? origin : null);
                answer.Headers.Contains("Access-Control-Allow-Credentials").Should().BeFalse();
                answer.Headers.Vary.Should().Contain("Origin");
            }
        }
    }

    [Theory]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/endsession")]
    [InlineData("/connect/introspect")]
    [InlineData("/connect/register")]
    public async Task Endpoints_that_are_no_pages_business_are_read_by_no_page(string path)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
        preflight.Headers.Add("Origin", "https://spa.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");

        (await OAuth.SendAsync(preflight)).Headers.Contains("Access-Control-Allow-Origin").Should().BeFalse();
    }

    [Fact]
    public async Task Nothing_of_the_protocol_is_kept_framed_or_told_to_other_sites()
    {
        var session = SignIn();
        var answers = new List<Answer>
        {
            await OAuth.AuthorizeAsync(session, Support.OAuth.Request(TestClients.Web)),
            await OAuth.AuthorizeAsync(session, Support.OAuth.Request(TestClients.Web, ("response_mode", "form_post"))),
            await OAuth.AuthorizeAsync(session, Support.OAuth.Request(TestClients.Web, ("redirect_uri", "https://evil.example"))),
            await OAuth.TokensAsync(TestClients.Web, session),
            await OAuth.TokenAsync(TestClients.Web, []),
            await OAuth.GetAsync("/connect/userinfo"),
            await OAuth.GetAsync("/connect/endsession", session),
        };

        foreach (var answer in answers)
        {
            answer.Headers.CacheControl!.NoStore.Should().BeTrue();
            answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
            answer.Headers.GetValues("X-Frame-Options").Should().Equal("DENY");
        }
    }

    [Fact]
    public async Task An_address_that_asks_without_end_is_told_to_wait()
    {
        await using var host = await IdentityHost.StartAsync(new() { ["Identity:RateLimits:RequestsPerMinute"] = "5" });
        using var oauth = new OAuth(host);

        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add(await oauth.TokenAsync(TestClients.Web, []));
        }

        answers.Take(5).Should().OnlyContain(a => a.Status == HttpStatusCode.BadRequest);
        answers.Skip(5).Should().OnlyContain(a => a.Status == HttpStatusCode.TooManyRequests && a.Headers.RetryAfter != null);
        (await oauth.GetAsync("/.well-known/openid-configuration")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_IPv6_network_is_one_address_to_the_limits()
    {
        await using var host = await IdentityHost.StartAsync(new()
        {
            ["Identity:RateLimits:RequestsPerMinute"] = "4", ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1", ["ForwardedHeaders:KnownProxies:1"] = "::1",
        });
        using var http = host.Http();
        async Task<HttpStatusCode> From(string address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new FormUrlEncodedContent([]) };
            request.Headers.Add("X-Forwarded-For", address);
            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }

        for (var i = 1; i <= 4; i++)
        {
            (await From($"2001:db8:1:2::{i}")).Should().NotBe(HttpStatusCode.TooManyRequests);
        }

        (await From("2001:db8:1:2:aaaa:bbbb:cccc:dddd")).Should().Be(HttpStatusCode.TooManyRequests);
        (await From("2001:db8:1:3::1")).Should().NotBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task What_happened_is_in_the_security_log_with_the_callers_address()
    {
        var session = SignIn();
        var code = await OAuth.CodeAsync(TestClients.Web, session);
        await OAuth.TokenAsync(TestClients.Web, Support.OAuth.CodeForm(TestClients.Web, code));
        await OAuth.TokenAsync(TestClients.Web, Support.OAuth.CodeForm(TestClients.Web, code));

        await using var database = Identity.Database();
        var entry = await database.Db.Set<SecurityLogEntry>().SingleAsync(e => e.Subject == session.Subject);

        entry.What.Should().Be("code_replayed");
        entry.ClientId.Should().Be("web");
        entry.Address.Should().BeOneOf("127.0.0.1", "::1", "::ffff:127.0.0.1");
    }

    [Fact]
    public async Task What_has_run_out_is_removed_and_nothing_else()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var session = host.Sessions.Begin(host.Clock.GetUtcNow());
        var tokens = await oauth.TokensAsync(TestClients.Web, session);
        await oauth.PostAsync("/connect/token", [new("grant_type", "client_credentials"), new("client_assertion_type", Proofsheet.Identity.Protocol.Clients.ClientAssertions.Type), new("client_assertion", oauth.Assertion("keyed"))]);
        await oauth.AuthorizeAsync(null, Support.OAuth.Request(TestClients.Web));
        await oauth.PostAsync("/connect/deviceauthorization", [new("scope", "openid")], TestClients.Native);
        var sweeper = host.Services.GetRequiredService<Sweeper>();

        host.Clock.Advance(TimeSpan.FromDays(3));
        await sweeper.SweepAsync(default);
        await using (var database = host.Database())
        {
            (await database.Db.Set<Grant>().Select(g => g.Kind).ToListAsync()).Should().Equal(GrantKind.RefreshToken);
            (await database.Db.Set<GrantFamily>().CountAsync()).Should().Be(1);
            (await database.Db.Set<UsedOnce>().CountAsync()).Should().Be(0);
            (await database.Db.Set<DeviceGrant>().CountAsync()).Should().Be(0);
        }

        (await oauth.TokenAsync(TestClients.Web, Support.OAuth.RefreshForm(tokens["refresh_token"]))).ShouldBe(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromDays(6));
        await sweeper.SweepAsync(default);
        await using (var database = host.Database())
        {
            (await database.Db.Set<Grant>().CountAsync()).Should().Be(0);
            (await database.Db.Set<GrantFamily>().CountAsync()).Should().Be(0);
        }
    }

    [Theory]
    [InlineData("Identity:Clients:0:RedirectUris:0", "http://shop.example/callback")]
    [InlineData("Identity:Clients:0:ClientId", "web")]
    [InlineData("Identity:Clients:0:AuthMethod", "client_secret_jwt")]
    [InlineData("Identity:Clients:0:Scopes:0", "no:such")]
    [InlineData("Identity:Clients:0:GrantTypes:1", "client_credentials")]
    [InlineData("Identity:EventReceivers:0:Address", "ftp://x")]
    [InlineData("Identity:RefreshGraceSeconds", "11")]
    public async Task A_mistake_in_the_settings_is_told_at_the_start(string name, string value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Identity:Clients:0:ClientId"] = "mine", ["Identity:Clients:0:Name"] = "Mine", ["Identity:Clients:0:GrantTypes:0"] = "authorization_code",
            ["Identity:Clients:0:RedirectUris:0"] = "https://shop.example/callback", [name] = value,
        };

        var start = async () => await (await IdentityHost.StartAsync(settings)).DisposeAsync();

        await start.Should().ThrowAsync<OptionsValidationException>();
    }
}
