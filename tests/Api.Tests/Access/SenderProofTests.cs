using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

/// <summary>Tokens that are bound to a key (RFC 9449), and proofs that a thief would make.</summary>
public sealed class SenderProofTests(ApiHost api) : IDisposable
{
    private readonly SigningKey _key = SigningKey.Create("ES256");

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task A_bound_token_works_with_a_proof_for_this_request()
    {
        var token = await TokenAsync();

        (await CallAsync(token, Proof(token))).ShouldBe(200);
        (await CallAsync(token, Proof(token), scheme: "dpop")).ShouldBe(200);
        (await CallAsync(token, Proof(token), path: "/v1/studio?x=1")).ShouldBe(200);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task A_proof_works_once_also_at_another_process()
    {
        await using var host = await ApiHost.StartAsync();
        await using var sibling = await host.SiblingAsync();
        var token = await TokenAsync(host);
        var proof = Proof(token, c => c["htu"] = $"{host.Address}v1/studio");
        var elsewhere = Proof(token, c => (c["htu"], c["jti"]) = ($"{sibling.Address}v1/studio", "the-same"));
        var here = Proof(token, c => (c["htu"], c["jti"]) = ($"{host.Address}v1/studio", "the-same"));

        (await CallAsync(token, proof, host: host)).ShouldBe(200);
        (await CallAsync(token, proof, host: host)).ShouldBeProblem(401, "invalid_proof");
        (await CallAsync(token, elsewhere, host: sibling)).ShouldBe(200);
        (await CallAsync(token, here, host: host)).ShouldBeProblem(401, "invalid_proof");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Of_twenty_uses_of_one_proof_at_once_one_succeeds()
    {
        var token = await TokenAsync();
        var proof = Proof(token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CallAsync(token, proof)));

        answers.Count(a => a.Status == 200).Should().Be(1);
        answers.Count(a => a.Status == 401).Should().Be(19);
    }

    [Fact]
    public async Task Downgrade_to_a_plain_bearer_token_is_refused()
    {
        var token = await TokenAsync();

        (await CallAsync(token, Proof(token), scheme: "Bearer")).ShouldBeProblem(401, "invalid_credential");
        (await api.Client(token).GetAsync("/v1/studio")).ShouldBeProblem(401, "invalid_credential");
    }

    [Fact]
    public async Task A_plain_token_gains_nothing_by_a_proof()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("owner");
        var token = api.Authority.Token(member.Subject, studio.Slug, "settings:read");

        (await CallAsync(token, Proof(token))).ShouldBeProblem(401, "invalid_credential");
    }

    [Fact]
    public async Task A_proof_of_another_key_request_token_or_time_is_refused()
    {
        var token = await TokenAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var other = SigningKey.Create("ES256");
        string[] proofs =
        [
            Proof(token, key: other),
            Proof(token, c => c["htm"] = "POST"),
            Proof(token, c => c["htm"] = "get"),
            Proof(token, c => c["htu"] = $"{api.Address}v1/galleries"),
            Proof(token, c => c["htu"] = "https://other.example/v1/studio"),
            Proof(token, c => c["htu"] = $"{api.Address}v1/studio?x=1"),
            Proof(token, c => c["htu"] = $"{api.Address}v1/studio#x"),
            Proof(token, c => c["htu"] = "/v1/studio"),
            Proof(token, c => c["ath"] = StrictBase64Url.Encode(SHA256.HashData("another"u8))),
            Proof(token, c => c.Remove("ath")),
            Proof(token, c => c.Remove("jti")),
            Proof(token, c => c.Remove("iat")),
            Proof(token, c => c["iat"] = now - 95),
            Proof(token, c => c["iat"] = now + 35),
            Proof(token, type: "JWT"),
            Proof(token, type: "at+jwt"),
            "nonsense",
            "",
            new string('x', 20_000),
        ];
        foreach (var proof in proofs)
        {
            var answer = (await CallAsync(token, proof)).ShouldBeProblem(401, "invalid_proof");
            answer.Headers["WWW-Authenticate"].Should().StartWith("DPoP error=\"invalid_dpop_proof\"");
        }

        (await CallAsync(token, null)).ShouldBeProblem(401, "invalid_proof");
        (await CallAsync(token, Proof(token), Proof(token))).ShouldBeProblem(401, "invalid_proof");
    }

    [Fact]
    public async Task A_proof_that_shows_its_private_key_or_none_or_a_secret_is_refused()
    {
        var token = await TokenAsync();
        var claims = Claims(token);
        using var own = ECDsa.Create();
        own.ImportPkcs8PrivateKey(_key.ExportPkcs8(), out _);
        var leaking = _key.PublicKey.ToJson();
        leaking["d"] = StrictBase64Url.Encode(own.ExportParameters(true).D!);

        (await CallAsync(token, Sign(claims, leaking))).ShouldBeProblem(401, "invalid_proof");
        (await CallAsync(token, Sign(claims, null))).ShouldBeProblem(401, "invalid_proof");
        (await CallAsync(token, Sign(claims, new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" }))).ShouldBeProblem(401, "invalid_proof");
    }

    [Fact]
    public async Task Where_the_apis_address_is_set_a_proof_for_a_host_that_the_request_invents_is_refused()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Api:PublicUrl"] = "https://api.example" });
        var token = await TokenAsync(host);

        Task<ApiAnswer> Call(string proof, string? named = null) => host.Client(null).SendAsync(HttpMethod.Get, "/v1/studio", null, request =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
            request.Headers.TryAddWithoutValidation("DPoP", proof);
            request.Headers.Host = named;
        });

        (await Call(Proof(token, c => c["htu"] = "https://evil.example/v1/studio"), "evil.example")).ShouldBeProblem(401, "invalid_proof");
        (await Call(Proof(token, c => c["htu"] = $"{host.Address}v1/studio"))).ShouldBeProblem(401, "invalid_proof");
        (await Call(Proof(token, c => c["htu"] = "https://api.example/v1/studio"))).ShouldBe(200);
    }

    private async Task<string> TokenAsync(ApiHost? host = null)
    {
        host ??= api;
        var studio = await host.StudioAsync();
        var member = await studio.MemberAsync("owner");
        return host.Authority.Token(member.Subject, studio.Slug, "settings:read", c => c["cnf"] = new JsonObject { ["jkt"] = _key.PublicKey.Thumbprint() });
    }

    private JsonObject Claims(string token) => new()
    {
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["htm"] = "GET",
        ["htu"] = $"{api.Address}v1/studio",
        ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        ["ath"] = StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
    };

    private string Proof(string token, Action<JsonObject>? change = null, SigningKey? key = null, string type = "dpop+jwt")
    {
        var claims = Claims(token);
        change?.Invoke(claims);
        var by = key ?? _key;
        return Jws.Sign(by, type, JsonSerializer.SerializeToUtf8Bytes(claims), new JsonObject { ["jwk"] = by.PublicKey.ToJson() });
    }

    private string Sign(JsonObject claims, JsonObject? jwk) =>
        Jws.Sign(_key, "dpop+jwt", JsonSerializer.SerializeToUtf8Bytes(claims), jwk is null ? [] : new JsonObject { ["jwk"] = jwk });

    private async Task<ApiAnswer> CallAsync(string token, string? proof, string? second = null, string scheme = "DPoP", string path = "/v1/studio", ApiHost? host = null) =>
        await (host ?? api).Client(null).SendAsync(HttpMethod.Get, path, null, request =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
            foreach (var one in new[] { proof, second }.OfType<string>())
            {
                request.Headers.TryAddWithoutValidation("DPoP", one);
            }
        });
}
