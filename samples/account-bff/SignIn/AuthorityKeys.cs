using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.SignIn;

/// <summary>
/// Verifies tokens with the authority's public keys: ES256, RS256 and PS256, each only with keys of its own type. For an unknown key the set is
/// fetched again, though at most every ten seconds.
/// </summary>
internal sealed class AuthorityKeys(AuthorityClient authority, IHttpClientFactory http, TimeProvider clock) : IDisposable
{
    public const string Client = "authority-keys";
    private const int LongestToken = 16 << 10;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken, MapInboundClaims = false };
    private readonly SemaphoreSlim _turn = new(1, 1);
    private (IReadOnlyList<JsonWebKey> Keys, DateTimeOffset ReadAt) _known = ([], DateTimeOffset.MinValue);

    /// <summary>The claims of a token of this type for this audience, if its signature, issuer and lifetime are valid; otherwise null.</summary>
    public async Task<JsonElement?> VerifyAsync(string token, string type, string audience, TimeSpan skew, CancellationToken cancellation)
    {
        // Not checked by the library: duplicate names, and critical extensions.
        var parts = token.Split('.');
        if (token.Length > LongestToken || parts.Length != 3
            || Object(parts[0]) is not { } header || header.TryGetProperty("crit", out _) || Object(parts[1]) is not { } claims
            || !header.TryGetProperty("kid", out var named) || named.ValueKind != JsonValueKind.String || named.GetString() is not { } id)
        {
            return null;
        }

        var key = Find(id) ?? (await ReadAgainAsync(cancellation) ? Find(id) : null);
        if (key is null)
        {
            return null;
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve ? [SecurityAlgorithms.EcdsaSha256] : [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256],
            ValidTypes = [type],
            ValidIssuer = (await authority.MetadataAsync(cancellation)).Issuer,
            ValidAudience = audience,
            // Uses the same clock as everything else here.
            LifetimeValidator = (from, to, _, _) => to is { } end && end + skew >= now && !(from - skew > now),
        });
        return result.IsValid ? claims : null;
    }

    public void Dispose() => _turn.Dispose();

    private JsonWebKey? Find(string id) => _known.Keys.FirstOrDefault(k => k.Kid == id && (k.Use is null or "sig") && (k.Kty switch
    {
        JsonWebAlgorithmsKeyTypes.EllipticCurve => k.Crv == JsonWebKeyECTypes.P256,
        JsonWebAlgorithmsKeyTypes.RSA => k.KeySize is >= 2048 and <= 8192,
        _ => false,
    }));

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
            _known = ([.. new JsonWebKeySet(await client.GetStringAsync(address, cancellation)).Keys], now);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static JsonElement? Object(string part)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
