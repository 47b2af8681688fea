using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>How a client authenticates to the authority. Use one method; sending two is refused.</summary>
public abstract class ClientAuthentication
{
    private ClientAuthentication()
    {
    }

    /// <summary>A public client, such as a program on the user's machine: it relies on PKCE and the user's consent.</summary>
    public static ClientAuthentication None { get; } = new Public();

    /// <summary>A shared secret (client_secret_basic, RFC 6749 section 2.3.1).</summary>
    public static ClientAuthentication Secret(string secret) => new SharedSecret(secret);

    /// <summary>A private key whose public key is registered (private_key_jwt, RFC 7523): ES256, ES384 or ES512, by key size. It is not disposed.</summary>
    public static ClientAuthentication PrivateKey(ECDsa key, string? keyId = null) => new Assertion(
        keyId,
        _ => key.KeySize switch { 256 => "ES256", 384 => "ES384", _ => "ES512" },
        (_, data) => key.SignData(data, key.KeySize switch { 256 => HashAlgorithmName.SHA256, 384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 }));

    /// <summary>The same with an RSA key of at least 2048 bits: PS256 if the authority lists it, otherwise RS256.</summary>
    public static ClientAuthentication PrivateKey(RSA key, string? keyId = null) => new Assertion(
        keyId,
        metadata => metadata.AssertionAlgorithms.Contains("PS256") ? "PS256" : "RS256",
        (algorithm, data) => key.SignData(data, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));

    internal abstract void Apply(HttpRequestMessage request, IDictionary<string, string> form, string clientId, AuthorityMetadata metadata, DateTimeOffset now);

    private sealed class Public : ClientAuthentication
    {
        internal override void Apply(HttpRequestMessage request, IDictionary<string, string> form, string clientId, AuthorityMetadata metadata, DateTimeOffset now) =>
            form["client_id"] = clientId;
    }

    private sealed class SharedSecret(string secret) : ClientAuthentication
    {
        // Both halves are form-encoded before they are joined with a colon.
        internal override void Apply(HttpRequestMessage request, IDictionary<string, string> form, string clientId, AuthorityMetadata metadata, DateTimeOffset now) =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}")));
    }

    private sealed class Assertion(string? keyId, Func<AuthorityMetadata, string> choose, Func<string, byte[], byte[]> sign) : ClientAuthentication
    {
        internal override void Apply(HttpRequestMessage request, IDictionary<string, string> form, string clientId, AuthorityMetadata metadata, DateTimeOffset now)
        {
            var algorithm = choose(metadata);
            var header = new Dictionary<string, object> { ["alg"] = algorithm, ["typ"] = "JWT" };
            if (keyId is not null)
            {
                header["kid"] = keyId;
            }

            var claims = new Dictionary<string, object>
            {
                ["iss"] = clientId,
                ["sub"] = clientId,
                ["aud"] = metadata.Issuer,
                ["jti"] = Encoding64.Random(),
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = now.AddMinutes(1).ToUnixTimeSeconds(),
            };
            var signed = $"{Encoding64.Of(JsonSerializer.Serialize(header))}.{Encoding64.Of(JsonSerializer.Serialize(claims))}";
            form["client_id"] = clientId;
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = $"{signed}.{Encoding64.Of(sign(algorithm, Encoding.ASCII.GetBytes(signed)))}";
        }
    }
}
