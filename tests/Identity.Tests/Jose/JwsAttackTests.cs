using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Jose;

/// <summary>Each test makes a token that a verifier with one particular bug would accept, and shows that it is refused.</summary>
public sealed class JwsAttackTests
{
    private static readonly SigningKey Ec = SigningKey.Create("ES256", "ec");
    private static readonly SigningKey Rsa = SigningKey.Create("RS256", "rsa");

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_token_verifies_by_the_key_that_signed_it(string algorithm)
    {
        var key = TestKeys.Of(algorithm);
        var token = Jws.Sign(key, "at+jwt", "{\"sub\":\"anna\"}"u8, new JsonObject { ["extra"] = 1 });

        var result = Verify(token, key.PublicKey);

        result.Failure.Should().Be(JwsFailure.None);
        Encoding.UTF8.GetString(result.Payload).Should().Be("{\"sub\":\"anna\"}");
        result.Header.Should().BeEquivalentTo(new { Algorithm = algorithm, KeyId = key.PublicKey.Thumbprint(), Type = "at+jwt", ContentType = (string?)null });
        result.Header.Raw.GetProperty("extra").GetInt32().Should().Be(1);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("NONE")]
    public void None_is_no_algorithm_in_any_spelling(string algorithm)
    {
        foreach (var signature in new[] { "", "AA", Part("x") })
        {
            var token = $"{Part($$"""{"alg":"{{algorithm}}"}""")}.{Part("{}")}.{signature}";
            Verify(token, Ec.PublicKey, allowed: [algorithm, "ES256"]).Failure.Should().Be(JwsFailure.AlgorithmNotAllowed);
        }
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public void A_public_key_is_no_shared_secret(string algorithm)
    {
        using var rsa = RSA.Create();
        rsa.ImportParameters(Parameters(Rsa.PublicKey));
        var jwk = Rsa.PublicKey.ToJson();
        var secrets = new[]
        {
            rsa.ExportRSAPublicKey(), rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem() + "\n"), Encoding.ASCII.GetBytes(jwk["n"]!.GetValue<string>()),
            Encoding.ASCII.GetBytes(jwk.ToJsonString()),
        };
        foreach (var secret in secrets)
        {
            var input = $"{Part($$"""{"alg":"{{algorithm}}","kid":"rsa"}""")}.{Part("{}")}";
            var mac = algorithm switch
            {
                "HS256" => HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)),
                "HS384" => HMACSHA384.HashData(secret, Encoding.ASCII.GetBytes(input)),
                _ => HMACSHA512.HashData(secret, Encoding.ASCII.GetBytes(input)),
            };

            Verify($"{input}.{StrictBase64Url.Encode(mac)}", Rsa.PublicKey, allowed: [algorithm, "RS256"]).Failure.Should().Be(JwsFailure.AlgorithmNotAllowed);
        }
    }

    [Theory]
    [InlineData("es256")]
    [InlineData("ES256 ")]
    [InlineData("ES256K")]
    [InlineData("EdDSA")]
    [InlineData("RS1")]
    [InlineData("")]
    public void Only_the_exact_names_are_algorithms(string algorithm)
    {
        var token = SignWith(Ec, $$"""{"alg":"{{algorithm}}"}""");

        Verify(token, Ec.PublicKey, allowed: [algorithm, "ES256"]).Failure.Should().BeOneOf(JwsFailure.AlgorithmNotAllowed, JwsFailure.Malformed);
    }

    [Fact]
    public void An_algorithm_that_the_caller_did_not_allow_is_refused()
    {
        var token = Jws.Sign(Rsa, "JWT", "{}"u8);

        Verify(token, Rsa.PublicKey, allowed: ["ES256"]).Failure.Should().Be(JwsFailure.AlgorithmNotAllowed);
        Verify(token, Rsa.PublicKey, allowed: ["rs256"]).Failure.Should().Be(JwsFailure.AlgorithmNotAllowed);
        Verify(token, Rsa.PublicKey, allowed: []).Failure.Should().Be(JwsFailure.AlgorithmNotAllowed);
    }

    [Fact]
    public void The_algorithm_of_another_kind_of_key_finds_no_key()
    {
        Verify(SignWith(Ec, """{"alg":"ES256","kid":"rsa"}"""), Rsa.PublicKey).Failure.Should().Be(JwsFailure.NoKey);
        Verify(SignWith(Rsa, """{"alg":"RS256","kid":"ec"}"""), Ec.PublicKey).Failure.Should().Be(JwsFailure.NoKey);
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void A_curve_goes_with_its_own_algorithm_only(string algorithm) =>
        Verify(SignWith(Ec, $$"""{"alg":"{{algorithm}}"}"""), Without(Ec.PublicKey, "alg")).Failure.Should().Be(JwsFailure.NoKey);

    [Fact]
    public void A_key_that_names_its_algorithm_is_used_with_no_other()
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Rsa.ExportPkcs8(), out _);
        var input = $"{Part("""{"alg":"PS256"}""")}.{Part("{}")}";
        var pss = $"{input}.{StrictBase64Url.Encode(rsa.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pss))}";

        Verify(pss, Without(Rsa.PublicKey, "alg")).IsValid.Should().BeTrue("the signature itself is good");
        Verify(pss, Rsa.PublicKey).Failure.Should().Be(JwsFailure.NoKey);
    }

    [Theory]
    [InlineData("RS384")]
    [InlineData("PS256")]
    public void A_signature_of_another_padding_or_hash_is_wrong(string claimed) =>
        Verify(SignWith(Rsa, $$"""{"alg":"{{claimed}}"}"""), Without(Rsa.PublicKey, "alg")).Failure.Should().Be(JwsFailure.WrongSignature);

    [Fact]
    public void Keys_and_addresses_in_the_header_are_not_looked_at()
    {
        using var attacker = SigningKey.Create("ES256", "ec");
        var header = new JsonObject
        {
            ["jwk"] = attacker.PublicKey.ToJson(),
            ["jku"] = "https://attacker.example/jwks",
            ["x5u"] = "https://attacker.example/chain",
            ["x5c"] = new JsonArray("MIIB"),
        };

        Verify(Jws.Sign(attacker, "JWT", "{}"u8, header), Ec.PublicKey).Failure.Should().Be(JwsFailure.WrongSignature);
        Verify(Jws.Sign(Ec, "JWT", "{}"u8, header), Ec.PublicKey).IsValid.Should().BeTrue("they do no harm either");
    }

    [Theory]
    [InlineData("""{"alg":"ES256","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","crit":[]}""")]
    [InlineData("""{"alg":"ES256","crit":null}""")]
    [InlineData("""{"alg":"ES256","crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    [InlineData("""{"alg":"ES256","b64":true}""")]
    public void A_header_that_demands_an_extension_is_refused(string header) =>
        Verify(SignWith(Ec, header), Ec.PublicKey).Failure.Should().Be(JwsFailure.Critical);

    [Theory]
    [InlineData("""{"alg":1}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":["ES256"]}""")]
    [InlineData("""{"alg":{"ES256":1}}""")]
    [InlineData("""{}""")]
    [InlineData("""{"ALG":"ES256"}""")]
    [InlineData("""{"alg":"ES256","alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","\u0061lg":"none"}""")]
    [InlineData("""{"alg":"ES256","x":{"y":1,"y":2}}""")]
    [InlineData("""{"alg":"ES256","kid":1}""")]
    [InlineData("""{"alg":"ES256","kid":["ec"]}""")]
    [InlineData("""{"alg":"ES256","kid":null}""")]
    [InlineData("""{"alg":"ES256","kid":""}""")]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""")]
    [InlineData("""{"alg":"ES256","typ":7}""")]
    [InlineData("""{"alg":"ES256","cty":{}}""")]
    [InlineData("""{"alg":"ES256"} {}""")]
    [InlineData("""{"alg":"ES256",}""")]
    [InlineData("""{"alg":"ES256"/* */}""")]
    [InlineData("""["alg","ES256"]""")]
    [InlineData("\"ES256\"")]
    [InlineData("null")]
    [InlineData("")]
    public void A_header_that_is_not_what_it_should_be_is_refused(string header) =>
        Verify(SignWith(Ec, header), Ec.PublicKey).Failure.Should().Be(JwsFailure.Malformed);

    [Fact]
    public void A_header_that_is_not_utf8_or_too_deep_is_refused()
    {
        byte[] notUtf8 = [.. "{\"alg\":\"ES256\",\"x\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        var deep = $$"""{"alg":"ES256","x":{{new string('[', 2000)}}{{new string(']', 2000)}}}""";

        Verify(SignWith(Ec, notUtf8), Ec.PublicKey).Failure.Should().Be(JwsFailure.Malformed);
        Verify(SignWith(Ec, Encoding.UTF8.GetBytes(deep)), Ec.PublicKey).Failure.Should().Be(JwsFailure.Malformed);
        Verify(SignWith(Ec, [0xEF, 0xBB, 0xBF, .. "{\"alg\":\"ES256\"}"u8]), Ec.PublicKey).Failure.Should().Be(JwsFailure.Malformed, "a byte order mark is no JSON");
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("ec' OR '1'='1")]
    [InlineData("ec\\u0000")]
    [InlineData("EC")]
    [InlineData(" ec")]
    public void A_key_id_is_compared_and_nothing_else(string kid)
    {
        var keys = new Dictionary<string, JsonWebKey>(StringComparer.Ordinal) { ["ec"] = Ec.PublicKey };

        var result = Jws.Verify(SignWith(Ec, $$"""{"alg":"ES256","kid":"{{kid}}"}"""), SignatureAlgorithms.All,
            header => header.KeyId is not null && keys.TryGetValue(header.KeyId, out var key) ? [key] : []);

        result.Failure.Should().Be(JwsFailure.NoKey);
    }

    [Fact]
    public void A_very_long_key_id_is_refused_before_anybody_sees_it()
    {
        var token = SignWith(Ec, $$"""{"alg":"ES256","kid":"{{new string('k', 257)}}"}""");

        Jws.Verify(token, SignatureAlgorithms.All, _ => throw new InvalidOperationException("asked for a key")).Failure.Should().Be(JwsFailure.Malformed);
    }

    [Fact]
    public void A_token_without_a_key_id_makes_a_bounded_number_of_keys_work()
    {
        var taken = 0;
        var result = Jws.Verify(SignWith(Ec, """{"alg":"ES256"}"""), SignatureAlgorithms.All, _ => Enumerable.Range(0, 1000).Select(_ =>
        {
            taken++;
            using var other = SigningKey.Create("ES256");
            return other.PublicKey;
        }));

        result.Failure.Should().Be(JwsFailure.WrongSignature);
        taken.Should().BeLessThan(20);
    }

    [Fact]
    public void Nothing_of_a_token_that_failed_can_be_read()
    {
        var result = Verify(SignWith(Ec, """{"alg":"none"}"""), Ec.PublicKey);

        result.Invoking(r => r.Payload).Should().Throw<InvalidOperationException>();
        result.Invoking(r => r.Header).Should().Throw<InvalidOperationException>();
    }

    public static TheoryData<string> Algorithms => [.. SignatureAlgorithms.All];

    internal static JwsResult Verify(string token, JsonWebKey key, string[]? allowed = null) =>
        Jws.Verify(token, allowed?.ToHashSet(StringComparer.Ordinal) ?? SignatureAlgorithms.All, _ => [key]);

    internal static string Part(string text) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(text));

    internal static string SignWith(SigningKey key, string header, string payload = "{}") => SignWith(key, Encoding.UTF8.GetBytes(header), payload);

    internal static string SignWith(SigningKey key, byte[] header, string payload = "{}")
    {
        var input = $"{StrictBase64Url.Encode(header)}.{Part(payload)}";
        return $"{input}.{StrictBase64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    internal static JsonWebKey Without(JsonWebKey key, params string[] members)
    {
        var json = key.ToJson();
        foreach (var member in members)
        {
            json.Remove(member);
        }

        return Parse(json.ToJsonString());
    }

    internal static JsonWebKey Parse(string json)
    {
        StrictJson.TryParseObject(Encoding.UTF8.GetBytes(json), out var element).Should().BeTrue();
        JsonWebKey.TryParse(element, out var key).Should().BeTrue();
        return key!;
    }

    internal static RSAParameters Parameters(JsonWebKey key)
    {
        var json = key.ToJson();
        StrictBase64Url.TryDecode(json["n"]!.GetValue<string>(), out var n);
        StrictBase64Url.TryDecode(json["e"]!.GetValue<string>(), out var e);
        return new RSAParameters { Modulus = n, Exponent = e };
    }
}
