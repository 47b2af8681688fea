using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

/// <summary>Tokens made by an attacker, sent to the API. Each is a valid token except for one thing, and the valid one is tried too.</summary>
public sealed class TokenAttackTests(ApiHost api)
{
    [Theory]
    [InlineData("none")]
    [InlineData("nOnE")]
    [InlineData("None")]
    [InlineData("")]
    public async Task An_unsigned_token_is_refused(string algorithm)
    {
        var (studio, claims) = await GoodAsync();
        foreach (var signature in new[] { "", "AAAA" })
        {
            await RefusedAsync(studio, $"{Part(new JsonObject { ["alg"] = algorithm, ["typ"] = "at+jwt", ["kid"] = "first" })}.{Part(claims)}.{signature}");
        }
    }

    [Fact]
    public async Task Algorithm_confusion_HS256_with_a_public_key_as_the_secret_is_refused()
    {
        var (studio, claims) = await GoodAsync();
        using var rsa = SigningKey.Create("RS256", $"rsa-{Guid.NewGuid():N}");
        api.Authority.Publish(rsa);
        var jwk = rsa.PublicKey.ToJson();
        var point = api.Authority.Key.PublicKey.ToJson();
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(jwk.ToJsonString()),
            Convert.FromBase64String(Padded(jwk["n"]!.GetValue<string>())),
            Encoding.UTF8.GetBytes(point.ToJsonString()),
            [],
        ];
        foreach (var (secret, kid) in secrets.SelectMany(s => new[] { (s, rsa.Kid), (s, "first") }))
        {
            var input = $"{Part(new JsonObject { ["alg"] = "HS256", ["typ"] = "at+jwt", ["kid"] = kid })}.{Part(claims)}";
            await RefusedAsync(studio, $"{input}.{StrictBase64Url.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}");
        }
    }

    [Fact]
    public async Task A_key_is_not_used_with_another_algorithm_than_its_own()
    {
        // Its own keys, because a host fetches unknown ones only every few seconds.
        await using var host = await ApiHost.StartAsync(new() { ["Authorities:0:KeyRetrySeconds"] = "1" });
        using var rsa = SigningKey.Create("RS256", "rsa");
        host.Authority.Publish(rsa);
        var studio = await host.StudioAsync();
        var member = await studio.MemberAsync("owner");
        var claims = host.Authority.Claims(member.Subject, studio.Slug, "settings:read");
        await ApiHost.EventuallyAsync(async () => (await host.Client(host.Authority.Sign(claims, key: rsa)).GetAsync("/v1/studio")).Status == 200, "the RSA key is known");

        // The same bits, declared as another algorithm or another key.
        using var asPss = SigningKey.Import(rsa.ExportPkcs8(), "PS256", "rsa");
        using var asOther = SigningKey.Import(rsa.ExportPkcs8(), "RS256", "first");
        using var ecAsRsa = SigningKey.Import(host.Authority.Key.ExportPkcs8(), "ES256", "rsa");
        foreach (var key in new[] { asPss, asOther, ecAsRsa })
        {
            (await host.Client(host.Authority.Sign(claims, key: key)).GetAsync("/v1/studio")).ShouldBeProblem(401, "invalid_credential");
        }
    }

    [Fact]
    public async Task A_key_inside_the_token_or_at_an_address_it_names_is_not_used()
    {
        var (studio, claims) = await GoodAsync();
        using var mine = SigningKey.Create("ES256", "first");
        using var server = SigningKey.Create("ES256", "mine");
        foreach (var header in new JsonObject[]
        {
            new() { ["jwk"] = mine.PublicKey.ToJson() },
            new() { ["jku"] = "https://evil.example/jwks" },
            new() { ["x5u"] = "https://evil.example/cert" },
            new() { ["x5c"] = new JsonArray("MIIB") },
        })
        {
            await RefusedAsync(studio, api.Authority.Sign(claims, key: mine, header: header.DeepClone().AsObject()));
            await RefusedAsync(studio, api.Authority.Sign(claims, key: server, header: header));
        }
    }

    [Theory]
    [InlineData("../../../dev/null")]
    [InlineData("first' OR '1'='1")]
    [InlineData("first\u0000")]
    [InlineData("FIRST")]
    [InlineData("http://127.0.0.1/jwks")]
    public async Task A_key_name_only_ever_finds_a_key_of_that_name(string kid)
    {
        var (studio, claims) = await GoodAsync();
        using var mine = SigningKey.Import(api.Authority.Key.ExportPkcs8(), "ES256", kid);

        await RefusedAsync(studio, api.Authority.Sign(claims, key: mine));
    }

    [Fact]
    public async Task Signatures_of_zeros_and_of_other_lengths_are_refused()
    {
        var (studio, claims) = await GoodAsync();
        var good = api.Authority.Sign(claims);
        var input = good[..good.LastIndexOf('.')];
        var signature = Bytes(good[(good.LastIndexOf('.') + 1)..]);
        foreach (var bytes in new[] { new byte[64], [.. new byte[32], .. signature[32..]], [.. signature[..32], .. new byte[32]], signature[..63], [.. signature, 0], [0, .. signature], Der(signature) })
        {
            await RefusedAsync(studio, $"{input}.{StrictBase64Url.Encode(bytes)}");
        }
    }

    [Fact]
    public async Task Critical_extensions_are_refused()
    {
        var (studio, claims) = await GoodAsync();
        foreach (var header in new JsonObject[]
        {
            new() { ["crit"] = new JsonArray("exp"), ["exp"] = 1 },
            new() { ["crit"] = new JsonArray() },
            new() { ["b64"] = false, ["crit"] = new JsonArray("b64") },
        })
        {
            header["alg"] = "ES256";
            header["kid"] = "first";
            header["typ"] = "at+jwt";
            await RefusedAsync(studio, SignRaw(header, claims));
        }
    }

    [Fact]
    public async Task Every_spelling_of_base64url_but_the_one_is_refused()
    {
        var (studio, claims) = await GoodAsync();
        var good = api.Authority.Sign(claims);
        var parts = good.Split('.');
        List<string> spellings =
        [
            good + "=", good + "==", $"{parts[0]}=.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}=.{parts[2]}", $"{parts[0]}.{parts[1]}.", $".{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}", good + ".", good + ".x", good.Replace('-', '+') + "+", $"{parts[0]} .{parts[1]}.{parts[2]}", $"{parts[0]}%2E{parts[1]}.{parts[2]}", "..", "...",
            // 64 bytes leave four bits unused in the last character: the other fifteen spellings.
            .. Enumerable.Range(1, 15).Select(i => good[..^1] + Alphabet[(Alphabet.IndexOf(good[^1], StringComparison.Ordinal) & ~15) | ((Alphabet.IndexOf(good[^1], StringComparison.Ordinal) + i) & 15)]),
        ];
        foreach (var spelling in spellings)
        {
            await RefusedAsync(studio, spelling);
        }
    }

    [Fact]
    public async Task A_token_altered_in_any_part_is_refused()
    {
        var (studio, claims) = await GoodAsync();
        var parts = api.Authority.Sign(claims).Split('.');
        claims["scope"] = "settings:read settings:write";

        await RefusedAsync(studio, $"{parts[0]}.{Part(claims)}.{parts[2]}");
        await RefusedAsync(studio, $"{Part(new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = "first", ["x"] = 1 })}.{parts[1]}.{parts[2]}");
    }

    [Fact]
    public async Task Oversize_and_malformed_tokens_are_refused_and_nothing_fails()
    {
        var (studio, claims) = await GoodAsync();
        claims["padding"] = new string('x', 13_000);
        await RefusedAsync(studio, api.Authority.Sign(claims));
        foreach (var payload in new[] { "", "null", "[]", "\"x\"", "{", "{}x", "{\"iss\":1}", new string('[', 2_000), "{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 500)), "{\"sub\":\"a\",\"sub\":\"b\"}", "\ufeff{}", "{\"sub\":\"\\ud800\"}" })
        {
            await RefusedAsync(studio, Jws.Sign(api.Authority.Key, "at+jwt", Encoding.UTF8.GetBytes(payload)));
        }

        await RefusedAsync(studio, Jws.Sign(api.Authority.Key, "at+jwt", [0xff, 0xfe, 0x80]));
        foreach (var header in new[] { "{}", "[]", "null", "{\"alg\":1}", "{\"alg\":\"ES256\",\"alg\":\"none\"}", "{\"alg\":\"ES256\",\"kid\":{}}" })
        {
            await RefusedAsync(studio, $"{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(header))}.{Part(claims)}.AAAA");
        }
    }

    [Fact]
    public async Task A_claim_that_is_there_twice_is_refused()
    {
        var (studio, claims) = await GoodAsync();
        var text = claims.ToJsonString();

        await RefusedAsync(studio, Jws.Sign(api.Authority.Key, "at+jwt", Encoding.UTF8.GetBytes(text[..^1] + ",\"tenant\":\"other\"}")));
    }

    [Theory]
    [InlineData("iss", "\"https://evil.example\"")]
    [InlineData("iss", null)]
    [InlineData("iss", "[\"x\"]")]
    [InlineData("aud", "\"another-api\"")]
    [InlineData("aud", "[\"another-api\",\"x\"]")]
    [InlineData("aud", "[\"proofsheet-api\",1]")]
    [InlineData("aud", "\"proofsheet-api-2\"")]
    [InlineData("aud", null)]
    [InlineData("sub", null)]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", "17")]
    [InlineData("sub", "\"s\\u00fcb\"")]
    [InlineData("client_id", null)]
    [InlineData("client_id", "{}")]
    [InlineData("jti", null)]
    [InlineData("exp", null)]
    [InlineData("exp", "\"2099-01-01\"")]
    [InlineData("exp", "1e400")]
    [InlineData("exp", "99999999999")]
    [InlineData("iat", null)]
    [InlineData("iat", "99999999999")]
    [InlineData("scope", "17")]
    [InlineData("scope", "[1]")]
    [InlineData("tenant", "17")]
    [InlineData("sid", "{}")]
    [InlineData("amr", "{}")]
    [InlineData("cnf", "{}")]
    [InlineData("cnf", "{\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"}")]
    [InlineData("cnf", "\"x\"")]
    public async Task A_claim_that_is_missing_or_wrong_is_refused(string claim, string? json)
    {
        var (studio, claims) = await GoodAsync();
        claims.Remove(claim);
        var text = json is null ? claims.ToJsonString() : $"{claims.ToJsonString()[..^1]},\"{claim}\":{json}}}";

        await RefusedAsync(studio, Jws.Sign(api.Authority.Key, "at+jwt", Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("id+jwt")]
    [InlineData("logout+jwt")]
    [InlineData("secevent+jwt")]
    [InlineData("at+jwt2")]
    public async Task A_token_of_another_type_is_refused(string type)
    {
        var (studio, claims) = await GoodAsync();

        await RefusedAsync(studio, api.Authority.Sign(claims, type));
    }

    [Fact]
    public async Task The_type_may_be_spelled_as_a_media_type()
    {
        var (studio, claims) = await GoodAsync();

        (await api.Client(api.Authority.Sign(claims, "application/AT+JWT")).GetAsync("/v1/studio")).ShouldBe(200)["id"].Should().Be(studio.Id);
    }

    [Theory]
    [InlineData("exp", -25, true)]
    [InlineData("exp", -35, false)]
    [InlineData("nbf", 25, true)]
    [InlineData("nbf", 35, false)]
    [InlineData("iat", 25, true)]
    [InlineData("iat", 35, false)]
    public async Task Clocks_may_differ_by_half_a_minute_and_no_more(string claim, int secondsFromNow, bool isTaken)
    {
        var (_, claims) = await GoodAsync();
        claims[claim] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + secondsFromNow;
        if (claim == "exp")
        {
            claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 900;
        }

        var answer = await api.Client(api.Authority.Sign(claims)).GetAsync("/v1/studio");

        answer.ShouldBe(isTaken ? 200 : 401);
    }

    [Fact]
    public async Task A_token_is_taken_once_and_in_one_place()
    {
        var (_, claims) = await GoodAsync();
        var token = api.Authority.Sign(claims);
        var nobody = api.Client(null);

        (await nobody.GetAsync($"/v1/studio?access_token={token}")).ShouldBeProblem(401, "missing_credential");
        (await nobody.SendAsync(HttpMethod.Get, "/v1/studio", null, r => r.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {token}", $"Bearer {token}"]))).Status.Should().Be(401);
        (await nobody.SendAsync(HttpMethod.Get, "/v1/studio", null, r => r.Headers.TryAddWithoutValidation("Authorization", $"Basic {token}"))).ShouldBeProblem(401, "invalid_credential");
        (await nobody.SendAsync(HttpMethod.Get, "/v1/studio", null, r => r.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}, Bearer {token}"))).ShouldBeProblem(401, "invalid_credential");
    }

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>The claims of a token that opens a new studio, which is tried first.</summary>
    private async Task<(StudioClient Studio, JsonObject Claims)> GoodAsync()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("owner");
        var claims = api.Authority.Claims(member.Subject, studio.Slug, "settings:read");
        (await api.Client(api.Authority.Sign(claims)).GetAsync("/v1/studio")).ShouldBe(200);
        return (studio, claims);
    }

    private async Task RefusedAsync(StudioClient studio, string token)
    {
        var answer = await studio.Host.Client(null).SendAsync(HttpMethod.Get, "/v1/studio", null, r => r.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));

        answer.ShouldBeProblem(401, "invalid_credential");
    }

    private string SignRaw(JsonObject header, JsonObject claims)
    {
        var input = $"{Part(header)}.{Part(claims)}";
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(api.Authority.Key.ExportPkcs8(), out _);
        return $"{input}.{StrictBase64Url.Encode(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static string Part(JsonObject json) => StrictBase64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(json));

    private static byte[] Bytes(string part) => StrictBase64Url.TryDecode(part, out var bytes) ? bytes : throw new FormatException(part);

    private static string Padded(string part) => part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=');

    private static byte[] Der(byte[] signature)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        writer.PushSequence();
        writer.WriteIntegerUnsigned(signature.AsSpan(0, 32).TrimStart((byte)0));
        writer.WriteIntegerUnsigned(signature.AsSpan(32).TrimStart((byte)0));
        writer.PopSequence();
        return writer.Encode();
    }
}
