using System.Text.Json.Nodes;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>The contract for npm's oidc-provider; docs/authorities.md describes how it differs from ours.</summary>
[Trait("Suite", "Ci")]
public sealed class OidcProviderTests(OidcProvider authority) : AuthorityContract(authority), IClassFixture<OidcProvider>
{
    [Fact]
    public async Task Userinfo_takes_a_token_that_is_not_for_the_api()
    {
        var facts = await authority.DriveAsync("userInfo", authority.Reader, scope: "openid email", more: new JsonObject { ["opaque"] = true });

        facts.GetProperty("userInfo").GetProperty("email").GetString().Should().Be("anna@example.com");
    }
}
