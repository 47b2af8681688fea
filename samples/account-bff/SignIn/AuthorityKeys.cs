using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Proofsheet.Sdk.SignIn;

namespace Proofsheet.AccountBff.SignIn;

/// <summary>
/// The authority's public keys, and signatures by them: ES256, RS256 and PS256, each with keys of its own kind only. An unknown key is looked
/// up again, though not more often than every ten seconds.
/// </summary>
internal sealed class AuthorityKeys(AuthorityClient authority, IHttpClientFactory http, TimeProvider clock) : IDisposable
{
    public const string Client = "authority-keys";
    private const int LongestToken = 16 << 10;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private readonly SemaphoreSlim _turn = new(1, 1);
    private (IReadOnlyList<JsonElement> Keys, DateTimeOffset ReadAt) _known = ([], DateTimeOffset.MinValue);

    /// <summary>The claims of a token of this type whose signature holds; otherwise null.</summary>
    public async Task<JsonElement?> VerifyAsync(string token, string type, CancellationToken cancellation)
    {
        var parts = token.Split('.');
        if (token.Length > LongestToken || parts.Length != 3 || Object(parts[0]) is not { } header || Object(parts[1]) is not { } claims || Bytes(parts[2]) is not { } signature
            || Text(header, "typ") != type || Text(header, "kid") is not { } id || header.TryGetProperty("crit", out _))
        {
            return null;
        }

        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var key = Find(id) ?? (await ReadAgainAsync(cancellation) ? Find(id) : null);
        return key is { } found && Holds(found, Text(header, "alg"), signed, signature) ? claims : null;
    }

    public void Dispose() => _turn.Dispose();

    private JsonElement? Find(string id) => _known.Keys.Cast<JsonElement?>().FirstOrDefault(k => Text(k!.Value, "kid") == id);

    private async Task<bool> ReadAgainAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var now = clock.GetUtcNow();
            if (now - _known.ReadAt < TimeSpan.FromSeconds(10) || (await authority.MetadataAsync(cancellation)).JwksUri is not { } address)
            {
                return true;
            }

            using var client = http.CreateClient(Client);
            using var document = JsonDocument.Parse(await client.GetStringAsync(address, cancellation), Strict);
            var keys = document.RootElement.TryGetProperty("keys", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.Clone().EnumerateArray().Where(k => k.ValueKind == JsonValueKind.Object).ToList()
                : [];
            _known = (keys, now);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static bool Holds(JsonElement key, string? algorithm, byte[] signed, byte[] signature)
    {
        if (key.TryGetProperty("use", out _) && Text(key, "use") != "sig")
        {
            return false;
        }

        try
        {
            switch (algorithm, Text(key, "kty"))
            {
                case ("ES256", "EC") when Text(key, "crv") == "P-256":
                    using (var curve = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Member(key, "x"), Y = Member(key, "y") } }))
                    {
                        return signature.Length == 64 && curve.VerifyData(signed, signature, HashAlgorithmName.SHA256);
                    }

                case ("RS256" or "PS256", "RSA"):
                    using (var rsa = RSA.Create(new RSAParameters { Modulus = Member(key, "n"), Exponent = Member(key, "e") }))
                    {
                        return rsa.KeySize is >= 2048 and <= 8192
                            && rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
                    }

                default:
                    return false;
            }
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static byte[] Member(JsonElement key, string name) => Text(key, name) is { } text && Bytes(text) is { } bytes ? bytes : throw new CryptographicException($"The key has no {name}.");

    // Decoders pass over spaces and spare bits: only the one spelling counts.
    private static byte[]? Bytes(string part)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(part);
            return Base64Url.EncodeToString(bytes) == part ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonElement? Object(string part)
    {
        try
        {
            if (Bytes(part) is not { } bytes)
            {
                return null;
            }

            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
