using System.Net;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

/// <summary>What a user is asked before a client gets anything, and whose answer counts.</summary>
[Trait("Database", "Provider")]
public sealed class ConsentTests(IdentityHost identity) : ProtocolTests(identity)
{
    [Fact]
    public async Task A_client_of_others_needs_consent_which_counts_for_who_gave_it()
    {
        var (anna, ben) = (SignIn(), SignIn());
        var answer = await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Third, ("scope", "openid galleries:read galleries:write"), ("acr_values", "tenant:anna-studio")));
        answer.Location.OriginalString.Should().StartWith("/consent?interaction=");
        var id = answer.Redirected("interaction")!;

        await using var scope = Identity.Services.CreateAsyncScope();
        var interactions = scope.ServiceProvider.GetRequiredService<IInteractions>();
        var shown = await interactions.FindAsync(id, Browser(), default);
        shown!.IsThirdParty.Should().BeTrue();
        shown.ClientName.Should().Be("Somebody's");
        shown.Tenant.Should().Be("ben-studio", "the client belongs to a studio, whatever it asks for");
        shown.OptionalScopes.Should().Equal("galleries:read", "galleries:write");
        await interactions.ConsentAsync(id, Browser(), anna, ["openid", "galleries:read", "platform:admin"], remember: true, default);

        (await ResumeAsync(id, ben)).Location.OriginalString.Should().StartWith("/consent?", "Ben did not agree to anything");
        var code = (await ResumeAsync(id, anna)).Redirected("code")!;
        var tokens = (await OAuth.TokenAsync(TestClients.Third, OAuth.CodeForm(TestClients.Third, code))).ShouldBe(HttpStatusCode.OK);
        tokens["scope"].Should().Be("openid galleries:read");
        (await OAuth.VerifiedAsync(tokens["access_token"], "at+jwt"))["tenant"]!.ToString().Should().Be("ben-studio");

        (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Third, ("scope", "openid galleries:read")))).Redirected("code").Should().NotBeNull("it is remembered");
        (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Third, ("scope", "openid galleries:write")))).Location.OriginalString.Should().StartWith("/consent?");
        (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Third, ("scope", "openid"), ("prompt", "consent")))).Location.OriginalString.Should().StartWith("/consent?");
    }

    [Fact]
    public async Task A_program_that_anybody_could_pass_for_is_asked_about_every_time()
    {
        var anna = SignIn();
        await using var scope = Identity.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IConsentStore>().PutAsync(anna.Subject, "third-native", ["openid"], Identity.Clock.GetUtcNow(), default);

        (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.ThirdNative, ("scope", "openid"), ("redirect_uri", "http://127.0.0.1:4000/callback")))).Location.OriginalString.Should().StartWith("/consent?");
        (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.ThirdNative, ("scope", "openid"), ("redirect_uri", "https://third.example/app")))).Redirected("code").Should().NotBeNull();
    }

    [Fact]
    public async Task A_program_of_our_own_is_asked_about_as_well_since_any_other_could_pass_for_it()
    {
        var anna = SignIn();

        (await OAuth.CodeAsync(TestClients.Native, anna)).Should().NotBeEmpty("she agrees");

        (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Native))).Location.OriginalString.Should().StartWith("/consent?", "it is not remembered");
        (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Native, ("prompt", "none")))).Redirected("error").Should().Be("consent_required");
    }

    [Fact]
    public async Task Consent_from_another_browser_changes_nothing()
    {
        var anna = SignIn();
        var id = (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Third))).Redirected("interaction")!;

        await using var scope = Identity.Services.CreateAsyncScope();
        var interactions = scope.ServiceProvider.GetRequiredService<IInteractions>();
        await interactions.ConsentAsync(id, new DefaultHttpContext(), anna, ["openid"], remember: true, default);

        (await interactions.FindAsync(id, new DefaultHttpContext(), default)).Should().BeNull();
        (await interactions.DenyAsync(id, new DefaultHttpContext(), default)).Should().BeNull();
        (await ResumeAsync(id, anna)).Location.OriginalString.Should().StartWith("/consent?");
    }

    [Fact]
    public async Task Who_says_no_sends_access_denied_to_the_client_once()
    {
        var anna = SignIn();
        var id = (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Third))).Redirected("interaction")!;
        await using var scope = Identity.Services.CreateAsyncScope();

        var address = await scope.ServiceProvider.GetRequiredService<IInteractions>().DenyAsync(id, Browser(), default);

        var answer = await OAuth.GetAsync(address!, anna);
        answer.Location.OriginalString.Should().StartWith(TestClients.ThirdCallback + "?error=access_denied");
        answer.Redirected("state").Should().Be("the-state");
        (await OAuth.GetAsync(address!, anna)).ShouldBe(HttpStatusCode.BadRequest);
    }
}
