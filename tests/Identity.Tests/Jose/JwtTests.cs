using System.Text;
using FluentAssertions;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Jose;

public sealed class JwtTests
{
    private const string Issuer = "https://id.example";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly SigningKey Key = SigningKey.Create("ES256");

    private static readonly JwtRules Rules = new()
    {
        Type = "at+jwt", Issuer = Issuer, Audiences = ["api", "other"], RequireIssuedAt = true, RequiredTexts = ["sub", "jti"],
    };

    [Fact]
    public void Good_claims_are_accepted_and_can_be_read()
    {
        var result = Validate();

        result.Failure.Should().Be(JwtFailure.None);
        result.Text("sub").Should().Be("anna");
        result.Text("exp").Should().BeNull("it is a number");
        result.Text("nothing").Should().BeNull();
        result.Time("exp").Should().Be(Now.AddMinutes(15));
        result.Time("sub").Should().BeNull("it is text");
    }

    [Theory]
    [InlineData("at+jwt", true)]
    [InlineData("AT+JWT", true)]
    [InlineData("application/at+jwt", true)]
    [InlineData("Application/At+Jwt", true)]
    [InlineData("JWT", false)]
    [InlineData("id+jwt", false)]
    [InlineData("text/at+jwt", false)]
    [InlineData("at+jwt ", false)]
    [InlineData("application/application/at+jwt", false)]
    public void The_type_says_what_a_token_is_for(string type, bool accepted)
    {
        var token = Jws.Verify(Jws.Sign(Key, type, Claims()), SignatureAlgorithms.All, _ => [Key.PublicKey]);

        Jwt.Validate(token, Rules, Now).Failure.Should().Be(accepted ? JwtFailure.None : JwtFailure.WrongType);
    }

    [Fact]
    public void A_token_without_a_type_is_not_of_the_type_asked_for()
    {
        var token = JwsAttackTests.Verify(JwsAttackTests.SignWith(Key, """{"alg":"ES256"}""", Encoding.UTF8.GetString(Claims())), Key.PublicKey);

        Jwt.Validate(token, Rules, Now).Failure.Should().Be(JwtFailure.WrongType);
        Jwt.Validate(token, Rules with { Type = null }, Now).IsValid.Should().BeTrue();
    }

    [Fact]
    public void A_token_that_did_not_verify_has_no_claims()
    {
        using var other = SigningKey.Create("ES256");
        var result = Jwt.Validate(JwsAttackTests.Verify(Jws.Sign(other, "at+jwt", Claims()), Key.PublicKey), Rules, Now);

        result.Failure.Should().Be(JwtFailure.NotSigned);
        result.Invoking(r => r.Claims).Should().Throw<InvalidOperationException>();
        result.Invoking(r => r.Text("sub")).Should().Throw<InvalidOperationException>();
    }

    [Theory]
    [InlineData("iss", "\"https://id.example/\"", JwtFailure.WrongIssuer)]
    [InlineData("iss", "\"HTTPS://id.example\"", JwtFailure.WrongIssuer)]
    [InlineData("iss", "[\"https://id.example\"]", JwtFailure.WrongIssuer)]
    [InlineData("iss", null, JwtFailure.WrongIssuer)]
    [InlineData("aud", "\"api2\"", JwtFailure.WrongAudience)]
    [InlineData("aud", "\"API\"", JwtFailure.WrongAudience)]
    [InlineData("aud", "[]", JwtFailure.WrongAudience)]
    [InlineData("aud", "[[\"api\"]]", JwtFailure.WrongAudience)]
    [InlineData("aud", "[\"api\",7]", JwtFailure.WrongAudience)]
    [InlineData("aud", "{\"api\":true}", JwtFailure.WrongAudience)]
    [InlineData("aud", "null", JwtFailure.WrongAudience)]
    [InlineData("aud", null, JwtFailure.WrongAudience)]
    [InlineData("aud", "[\"x\",\"api\"]", JwtFailure.None)]
    [InlineData("aud", "\"other\"", JwtFailure.None)]
    [InlineData("sub", null, JwtFailure.MissingClaim)]
    [InlineData("sub", "\"\"", JwtFailure.Malformed)]
    [InlineData("sub", "7", JwtFailure.Malformed)]
    [InlineData("jti", "[\"a\"]", JwtFailure.Malformed)]
    public void Texts_are_compared_exactly_and_have_their_type(string claim, string? value, JwtFailure failure) =>
        Validate(claim, value).Failure.Should().Be(failure);

    [Theory]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("iat")]
    public void A_time_that_is_no_time_is_refused(string claim)
    {
        foreach (var value in new[] { "\"1800000000\"", "true", "null", "[]", "{}", "-1", "-1e300", "1e300", "1e999", "253402300800", "9223372036854775808" })
        {
            Validate(claim, value).Failure.Should().Be(JwtFailure.Malformed, value);
        }
    }

    [Theory]
    [InlineData("exp", -29, JwtFailure.None)]
    [InlineData("exp", -30, JwtFailure.Expired)]
    [InlineData("exp", -3000, JwtFailure.Expired)]
    [InlineData("nbf", 30, JwtFailure.None)]
    [InlineData("nbf", 31, JwtFailure.NotYetValid)]
    [InlineData("iat", 30, JwtFailure.None)]
    [InlineData("iat", 31, JwtFailure.IssuedInFuture)]
    public void Clocks_may_differ_by_the_skew_and_no_more(string claim, int seconds, JwtFailure failure) =>
        Validate(claim, (Now.ToUnixTimeSeconds() + seconds).ToString(System.Globalization.CultureInfo.InvariantCulture)).Failure.Should().Be(failure);

    [Fact]
    public void Fractions_of_a_second_are_times_too()
    {
        Validate("exp", "1799999970.5").Failure.Should().Be(JwtFailure.None);
        Validate("exp", "1799999969.5").Failure.Should().Be(JwtFailure.Expired);
        Validate("exp", "1.8000009e9").Failure.Should().Be(JwtFailure.None);
    }

    [Fact]
    public void Without_skew_the_last_moment_is_the_last()
    {
        Validate("exp", "1800000000", Rules with { Skew = TimeSpan.Zero }).Failure.Should().Be(JwtFailure.Expired);
        Validate("exp", "1800000001", Rules with { Skew = TimeSpan.Zero }).Failure.Should().Be(JwtFailure.None);
    }

    [Fact]
    public void Expiry_and_issue_are_required_unless_the_rules_say_otherwise()
    {
        Validate("exp", null).Failure.Should().Be(JwtFailure.MissingClaim);
        Validate("exp", null, Rules with { RequireExpiry = false }).Failure.Should().Be(JwtFailure.None);
        Validate("exp", null, Rules with { RequireExpiry = false, MaxLifetime = TimeSpan.FromHours(1) }).Failure.Should().Be(JwtFailure.MissingClaim);
        Validate("iat", null).Failure.Should().Be(JwtFailure.MissingClaim);
        Validate("iat", null, Rules with { RequireIssuedAt = false }).Failure.Should().Be(JwtFailure.None);
        Validate("iat", null, Rules with { RequireIssuedAt = false, MaxAge = TimeSpan.FromMinutes(1) }).Failure.Should().Be(JwtFailure.MissingClaim);
    }

    [Fact]
    public void A_token_must_not_live_or_have_lived_too_long()
    {
        var hour = Rules with { MaxLifetime = TimeSpan.FromHours(1) };
        var minute = Rules with { MaxAge = TimeSpan.FromMinutes(1) };

        Validate("exp", "1800003600", hour).Failure.Should().Be(JwtFailure.None);
        Validate("exp", "1800003601", hour).Failure.Should().Be(JwtFailure.TooOld);
        Validate("iat", "1799999910", minute).Failure.Should().Be(JwtFailure.None);
        Validate("iat", "1799999909", minute).Failure.Should().Be(JwtFailure.TooOld);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"anna\"")]
    [InlineData("anna")]
    [InlineData("")]
    [InlineData("{\"iss\":\"https://id.example\",\"iss\":\"https://id.example\"}")]
    public void A_payload_that_is_no_object_has_no_claims(string payload)
    {
        var token = JwsAttackTests.Verify(Jws.Sign(Key, "at+jwt", Encoding.UTF8.GetBytes(payload)), Key.PublicKey);

        token.IsValid.Should().BeTrue("JWS does not care what it signs");
        Jwt.Validate(token, Rules, Now).Failure.Should().Be(JwtFailure.Malformed);
    }

    [Fact]
    public void What_the_rules_leave_out_is_not_checked()
    {
        var nothing = new JwtRules { Type = null, Issuer = null, Audiences = null, RequireExpiry = false };

        Jwt.Validate("{}"u8, nothing, Now).IsValid.Should().BeTrue();
        Jwt.Validate("{\"exp\":1}"u8, nothing, Now).Failure.Should().Be(JwtFailure.Expired, "an expiry counts when it is there");
        Jwt.Validate("{}"u8, nothing with { Audiences = [] }, Now).Failure.Should().Be(JwtFailure.WrongAudience, "an empty list allows none");
    }

    private static JwtResult Validate(string? claim = null, string? value = null, JwtRules? rules = null)
    {
        var token = Jws.Verify(Jws.Sign(Key, "at+jwt", Claims(claim, value)), SignatureAlgorithms.All, _ => [Key.PublicKey]);
        return Jwt.Validate(token, rules ?? Rules, Now);
    }

    /// <summary>Valid claims, one of which is replaced by raw JSON or, with null, omitted.</summary>
    private static byte[] Claims(string? claim = null, string? value = null)
    {
        var claims = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["iss"] = $"\"{Issuer}\"", ["sub"] = "\"anna\"", ["aud"] = "\"api\"", ["jti"] = "\"1\"", ["iat"] = "1800000000", ["exp"] = "1800000900",
        };
        if (claim is not null)
        {
            claims[claim] = value;
        }

        return Encoding.UTF8.GetBytes($"{{{string.Join(',', claims.Where(c => c.Value is not null).Select(c => $"\"{c.Key}\":{c.Value}"))}}}");
    }
}
