using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>One API process that trusts two authorities: ours and npm's oidc-provider.</summary>
public sealed class TwoAuthorities : IAsyncLifetime
{
    private readonly Dictionary<string, ContractAuthority> _authorities = [];

    internal ApiUnderTest Api { get; } = new();

    internal ContractAuthority this[string name] => _authorities[name];

    public async ValueTask InitializeAsync()
    {
        if (!Node.IsInstalled)
        {
            return;
        }

        _authorities["ours"] = new OwnAuthority { SecurityEvents = Api.SecurityEvents };
        _authorities["oidc-provider"] = new OidcProvider { BackChannelLogoutUri = Api.SecurityEvents.ToString() };
        foreach (var authority in _authorities.Values)
        {
            await authority.InitializeAsync();
        }

        await Api.StartAsync([.. _authorities.Values.Select(authority => new Dictionary<string, string>
        {
            ["Issuer"] = authority.Issuer,
            ["Audience"] = ContractAuthority.Audience,
            ["KeyRetrySeconds"] = "1",
            // The audience of a logout token is the client whose session ended.
            ["EventAudiences:0"] = authority.Page.Id,
        })]);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        foreach (var authority in _authorities.Values)
        {
            await authority.DisposeAsync();
        }
    }
}

/// <summary>The same API accepts the tokens of both and treats them alike. They differ only in configuration.</summary>
[Trait("Suite", "Ci")]
public sealed class SameApiTests(TwoAuthorities both) : IClassFixture<TwoAuthorities>, IAsyncLifetime
{
    private const string Founder = "openid studios:read studios:write";
    private const string Member = "openid galleries:read settings:read";

    public static TheoryData<string> Authorities => ["ours", "oidc-provider"];

    public ValueTask InitializeAsync()
    {
        Node.RequireInstalled();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Authorities))]
    public async Task A_photographer_makes_a_studio_and_works_in_it(string name)
    {
        var slug = await FoundAsync(name);

        var token = await TokenAsync(name, Member, slug);
        (await both.Api.GetAsync("/v1/galleries", token)).Status.Should().Be(HttpStatusCode.OK);
        (await both.Api.GetAsync("/v1/studio", token)).Body.GetProperty("slug").GetString().Should().Be(slug);
        var write = await both.Api.SendAsync(HttpMethod.Post, "/v1/galleries", token, new { title = "Wedding", isListed = false });
        write.Status.Should().Be(HttpStatusCode.Forbidden, "the token was not asked for galleries:write");
    }

    [Theory]
    [MemberData(nameof(Authorities))]
    public async Task An_invited_person_joins_by_the_verified_address_that_the_authority_names(string name)
    {
        // A photographer of the other authority invites, so that the two accounts are different.
        var other = name == "ours" ? "oidc-provider" : "ours";
        var slug = await FoundAsync(other);
        var owner = await TokenAsync(other, "openid settings:read settings:write", slug);
        var email = both[name].Person.Email;
        var invited = await both.Api.SendAsync(HttpMethod.Post, "/v1/invitations", owner, new { email, role = "viewer" });
        invited.Status.Should().Be(HttpStatusCode.Created, invited.Body.ToString());

        var tokens = await both[name].DriveAsync("code", both[name].Page, scope: "openid email studios:write");
        // oidc-provider's userinfo refuses tokens for a resource, so there the ID token shows the address; both authorities may use it.
        object request = name == "ours" ? new { code = await CodeAsync(slug) } : new { code = await CodeAsync(slug), idToken = tokens.GetProperty("idToken").GetString() };
        var joined = await both.Api.SendAsync(HttpMethod.Post, "/v1/invitations/accept", tokens.GetProperty("accessToken").GetString(), request);

        joined.Status.Should().Be(HttpStatusCode.OK, joined.Body.ToString());
        (await both.Api.GetAsync("/v1/galleries", await TokenAsync(name, Member, slug))).Status.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Authorities))]
    public async Task A_studio_of_the_other_authoritys_photographer_does_not_exist(string name)
    {
        var slug = await FoundAsync(name == "ours" ? "oidc-provider" : "ours");

        var answer = await both.Api.GetAsync("/v1/galleries", await TokenAsync(name, Member, slug));

        answer.Status.Should().Be(HttpStatusCode.NotFound);
        answer.Code.Should().Be("unknown_studio");
    }

    [Theory]
    [MemberData(nameof(Authorities))]
    public async Task A_program_that_no_studio_registered_reaches_none(string name)
    {
        var tokens = await both[name].DriveAsync("clientCredentials", both[name].Server, scope: "galleries:read");

        var answer = await both.Api.GetAsync("/v1/galleries", tokens.GetProperty("accessToken").GetString());

        answer.Status.Should().Be(HttpStatusCode.NotFound);
        answer.Code.Should().Be("unknown_studio");
    }

    [Theory]
    [MemberData(nameof(Authorities))]
    public async Task A_changed_token_and_an_id_token_are_refused(string name)
    {
        var tokens = await both[name].DriveAsync("code", both[name].Page, scope: Founder);
        var token = tokens.GetProperty("accessToken").GetString()!;
        (await both.Api.GetAsync("/v1/studios", token)).Status.Should().Be(HttpStatusCode.OK);

        var parts = token.Split('.');
        var last = parts[2][^5] == 'A' ? 'B' : 'A';
        foreach (var bad in new[] { $"{parts[0]}.{parts[1]}.{parts[2][..^5]}{last}{parts[2][^4..]}", $"{parts[0]}.{parts[1]}.", tokens.GetProperty("idToken").GetString() })
        {
            var answer = await both.Api.GetAsync("/v1/studios", bad);
            answer.Status.Should().Be(HttpStatusCode.Unauthorized);
            answer.Code.Should().Be("invalid_credential");
        }
    }

    [Fact]
    public async Task An_authority_that_was_not_configured_is_nobody()
    {
        await using var stranger = new OidcProvider();
        await stranger.InitializeAsync();
        var tokens = await stranger.DriveAsync("code", stranger.Page, scope: Founder);

        (await both.Api.GetAsync("/v1/studios", tokens.GetProperty("accessToken").GetString())).Code.Should().Be("invalid_credential");
    }

    [Theory]
    [MemberData(nameof(Authorities))]
    public async Task A_bound_token_works_with_its_key_and_not_without(string name)
    {
        var facts = await both[name].DriveAsync("dpop", both[name].Page, scope: Founder, more: new JsonObject { ["resource"] = new Uri(both.Api.Address, "/v1/studios").ToString() });

        facts.GetProperty("resource").GetInt32().Should().Be(200);
        facts.GetProperty("resourceAsBearer").GetInt32().Should().Be(401);
    }

    [Theory]
    [MemberData(nameof(Authorities))]
    public async Task What_a_session_gave_is_refused_once_it_ended(string name)
    {
        var facts = await both[name].DriveAsync("endSession", both[name].Page, scope: Founder);
        var token = facts.GetProperty("tokens").GetProperty("accessToken").GetString();
        var other = await TokenAsync(name, Founder, tenant: null);

        await IdentityHost.EventuallyAsync(
            async () => (await both.Api.GetAsync("/v1/studios", token)).Status == HttpStatusCode.Unauthorized, "the ended session's token is refused", seconds: 15);

        (await both.Api.GetAsync("/v1/studios", other)).Status.Should().Be(HttpStatusCode.OK, "another session of the same person goes on");
    }

    /// <summary>The code of the only invitation to this studio, whose name is in the mail.</summary>
    private async Task<string> CodeAsync(string studio)
    {
        var code = "";
        await IdentityHost.EventuallyAsync(
            async () =>
            {
                foreach (var file in Directory.Exists(both.Api.MailFolder) ? Directory.GetFiles(both.Api.MailFolder, "*.eml") : [])
                {
                    var text = (await File.ReadAllTextAsync(file)).Replace("=\r\n", "", StringComparison.Ordinal);
                    if (text.Contains(studio, StringComparison.Ordinal))
                    {
                        code = System.Text.RegularExpressions.Regex.Match(text, "ps_invite_[0-9a-z]{38}").Value;
                    }
                }

                return code.Length > 0;
            },
            "the invitation's mail",
            seconds: 15);
        return code;
    }

    private async Task<string> FoundAsync(string name)
    {
        var slug = $"studio-{Guid.NewGuid():N}"[..20];
        var made = await both.Api.SendAsync(HttpMethod.Post, "/v1/studios", await TokenAsync(name, Founder, tenant: null), new { name = slug, slug, currency = "EUR" });
        made.Status.Should().Be(HttpStatusCode.Created, made.Body.ToString());
        made.Body.GetProperty("secretKey").ValueKind.Should().Be(JsonValueKind.Null, "its owner signs in");
        return slug;
    }

    private async Task<string> TokenAsync(string name, string scope, string? tenant) =>
        (await both[name].DriveAsync("code", both[name].Page, scope: scope, tenant: tenant)).GetProperty("accessToken").GetString()!;
}
