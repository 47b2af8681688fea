using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests.AccountBff;

/// <summary>One BFF for all forgeries, because none of them may change anything.</summary>
public sealed class UnharmedBff : IAsyncLifetime
{
    internal BffStage Bff { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Bff = await BffStage.StartAsync();

    public ValueTask DisposeAsync() => Bff.DisposeAsync();
}

public sealed class ForgedLogoutTests(UnharmedBff stage) : IClassFixture<UnharmedBff>
{
    public static TheoryData<string> Forgeries => new("another key", "none", "HS256", "type", "kid", "iss", "aud", "old", "future", "expired", "no expiry", "nonce", "no event", "another event", "no subject", "no jti", "crit", "padding", "empty",
        "audiences of others", "name given twice", "expiry in words", "not yet", "issuer in other case", "type in other case", "no kid", "symmetric key", "weak key", "key for encryption", "another curve", "key of another kind", "another hash", "spare bits", "blanks");

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_logout_token_that_is_not_quite_one_ends_nothing(string forgery)
    {
        var browser = await stage.Bff.SignedInAsync();
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var claims = stage.Bff.Authority.LogoutClaims("sid-1", "anna");
        long Seconds(int minutes) => DateTimeOffset.UtcNow.AddMinutes(minutes).ToUnixTimeSeconds();
        switch (forgery)
        {
            case "iss": claims["iss"] = "https://other.example"; break;
            case "aud": claims["aud"] = "another-client"; break;
            case "old": (claims["iat"], claims["exp"]) = (Seconds(-11), Seconds(2)); break;
            case "future": (claims["iat"], claims["exp"]) = (Seconds(2), Seconds(4)); break;
            case "expired": (claims["iat"], claims["exp"]) = (Seconds(-5), Seconds(-1)); break;
            case "no expiry": claims.Remove("exp"); break;
            case "nonce": claims["nonce"] = "an ID token"; break;
            case "no event": claims.Remove("events"); break;
            case "another event": claims["events"] = new Dictionary<string, object> { ["urn:another"] = new { } }; break;
            case "no subject": claims["sid"] = claims["sub"] = null; break;
            case "no jti": claims.Remove("jti"); break;
            case "audiences of others": claims["aud"] = new[] { "another-client", "account-bff-2" }; break;
            case "expiry in words": claims["exp"] = "never"; break;
            case "not yet": claims["nbf"] = Seconds(2); break;
            case "issuer in other case": claims["iss"] = stage.Bff.Authority.Issuer.ToUpperInvariant(); break;
        }

        var token = forgery switch
        {
            "another key" => stage.Bff.Authority.Sign(claims, with: another),
            "none" => stage.Bff.Authority.Sign(claims, algorithm: "none"),
            "HS256" => stage.Bff.Authority.Sign(claims, algorithm: "HS256"),
            "type" => stage.Bff.Authority.Sign(claims, type: "JWT"),
            "kid" => stage.Bff.Authority.Sign(claims, kid: "key-2"),
            "padding" => stage.Bff.Authority.Sign(claims) + "=",
            "crit" => stage.Bff.Authority.Sign(claims, critical: ["exp"]),
            "empty" => "..",
            "name given twice" => stage.Bff.Authority.SignText(JsonSerializer.Serialize(claims.Where(c => c.Value is not null).ToDictionary())[..^1] + ""","sub":"anna"}"""),
            "type in other case" => stage.Bff.Authority.Sign(claims, type: "LOGOUT+JWT"),
            "no kid" => stage.Bff.Authority.Sign(claims, kid: null),
            "symmetric key" => stage.Bff.Authority.SignOtherwise(claims, "HS256", "key-symmetric"),
            "weak key" => stage.Bff.Authority.SignOtherwise(claims, "RS256", "key-weak"),
            "key for encryption" => stage.Bff.Authority.SignOtherwise(claims, "RS256", "key-encryption"),
            "another curve" => stage.Bff.Authority.SignOtherwise(claims, "ES256", "key-p384"),
            "another hash" => stage.Bff.Authority.SignOtherwise(claims, "RS512", "key-rsa"),
            "spare bits" => WithSpareBits(stage.Bff.Authority.Sign(claims)),
            "blanks" => stage.Bff.Authority.Sign(claims) + " ",
            "key of another kind" => stage.Bff.Authority.SignOtherwise(claims, "RS256", "key-1"),
            _ => stage.Bff.Authority.Sign(claims),
        };
        (await stage.Bff.NotifyAsync(token)).Should().Be(HttpStatusCode.BadRequest);

        (await browser.UserAsync()).Should().NotBeNull();
    }

    // Only two bits of the last of the signature's 86 characters are used.
    private static string WithSpareBits(string token)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) + 1];
    }
}
