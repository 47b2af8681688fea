using System.Net;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Identity.Tests.Support;

[Trait("Database", "Provider")]
public sealed class IdentityHostTests(IdentityHost identity)
{
    [Fact]
    public async Task The_authority_starts_and_its_database_answers()
    {
        using var http = identity.Http();

        using var answer = await http.GetAsync("/health/ready");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
