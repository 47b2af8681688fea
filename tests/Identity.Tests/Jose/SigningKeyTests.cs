using System.Security.Cryptography;
using FluentAssertions;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Jose;

public sealed class SigningKeyTests
{
    [Theory]
    [MemberData(nameof(JwsAttackTests.Algorithms), MemberType = typeof(JwsAttackTests))]
    public void A_key_that_was_exported_signs_as_before(string algorithm)
    {
        var key = TestKeys.Of(algorithm);
        using var again = SigningKey.Import(key.ExportPkcs8(), algorithm, key.Kid);

        JwsAttackTests.Verify(Jws.Sign(again, "JWT", "{}"u8), key.PublicKey).IsValid.Should().BeTrue();
        again.Kid.Should().Be(key.Kid).And.Be(key.PublicKey.Thumbprint());
    }

    [Theory]
    [InlineData("ES256", "ES384")]
    [InlineData("ES256", "RS256")]
    [InlineData("ES512", "ES256")]
    [InlineData("RS256", "ES256")]
    public void A_key_is_not_imported_for_an_algorithm_of_another_kind(string made, string claimed)
    {
        var key = TestKeys.Of(made);
        var bytes = key.ExportPkcs8();

        FluentActions.Invoking(() => SigningKey.Import(bytes, claimed)).Should().Throw<CryptographicException>();
    }

    [Fact]
    public void A_weak_broken_or_longer_key_is_not_imported()
    {
        using var weak = RSA.Create(1024);
        using var good = SigningKey.Create("ES256");
        var bytes = good.ExportPkcs8();

        FluentActions.Invoking(() => SigningKey.Import(weak.ExportPkcs8PrivateKey(), "RS256")).Should().Throw<CryptographicException>();
        FluentActions.Invoking(() => SigningKey.Import(bytes[..^1], "ES256")).Should().Throw<CryptographicException>();
        FluentActions.Invoking(() => SigningKey.Import([.. bytes, 0], "ES256")).Should().Throw<CryptographicException>();
        FluentActions.Invoking(() => SigningKey.Import([], "ES256")).Should().Throw<CryptographicException>();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("es256")]
    public void Nothing_signs_by_an_algorithm_that_is_not_known(string algorithm) =>
        FluentActions.Invoking(() => SigningKey.Create(algorithm)).Should().Throw<ArgumentException>();

    [Fact]
    public void A_disposed_key_signs_nothing()
    {
        var key = SigningKey.Create("ES256");
        key.Dispose();

        key.Invoking(k => Jws.Sign(k, "JWT", "{}"u8)).Should().Throw<ObjectDisposedException>();
        key.Invoking(k => k.ExportPkcs8()).Should().Throw<ObjectDisposedException>();
    }
}
