using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Proofsheet.Jose;

namespace Proofsheet.Api.Auth.AccessTokens;

internal enum TokenFailure
{
    None,

    /// <summary>Not a token of a configured authority for this API. The log says which rule it broke; the response does not.</summary>
    Invalid,

    Expired,

    /// <summary>The authority's keys are not known, so the token cannot be checked.</summary>
    AuthorityUnavailable,
}

/// <summary>
/// Checks access tokens (RFC 9068, RFC 8725): a configured authority, its keys, its algorithms, issuer, audience,
/// times and type. A valid token is cached until it expires or the authority's keys change, so that the signature is not verified
/// at every request. Whether it was revoked is checked at every request, elsewhere.
/// </summary>
internal sealed class AccessTokenVerifier(Authorities authorities, TimeProvider clock, ILogger<AccessTokenVerifier> log)
{
    /// <summary>Longer tokens are refused unread.</summary>
    public const int MaxLength = Jws.MaxLength;

    private readonly TokenMemory _memory = new();

    /// <summary>Three parts separated by dots; keys and visitor tokens have another form.</summary>
    public static bool LooksLikeOne(string credential)
    {
        var first = credential.IndexOf('.', StringComparison.Ordinal);
        return first > 0 && credential.IndexOf('.', first + 1) is var second and > 0 && credential.IndexOf('.', second + 1) < 0;
    }

    public async ValueTask<(VerifiedToken? Token, TokenFailure Failure)> CheckAsync(string text, CancellationToken cancellation)
    {
        if (text.Length > MaxLength)
        {
            return Refused("it is too long");
        }

        var digest = TokenDigest.Of(text);
        if (_memory.Find(digest) is { } known && await known.Authority.KeysForAsync(known.KeyId, cancellation) is { } current
            && ReferenceEquals(current.Generation, known.KeyGeneration))
        {
            return known.IsInTimeAt(clock.GetUtcNow(), Skew(known.Authority)) ? (known, TokenFailure.None) : (null, TokenFailure.Expired);
        }

        if (AuthorityOf(text) is not { } authority)
        {
            return Refused("it is of no configured issuer");
        }

        // The header is read only for the key's name; Verify reads it again, strictly.
        var keys = await authority.KeysForAsync(KeyIdOf(text), cancellation);
        if (keys is null)
        {
            return (null, TokenFailure.AuthorityUnavailable);
        }

        var signed = Jws.Verify(text, authority.Options.AllowedAlgorithms, keys.Of);
        if (!signed.IsValid)
        {
            return Refused(signed.Failure.ToString());
        }

        var rules = RulesOf(authority.Options);
        var result = Jwt.Validate(signed, rules, clock.GetUtcNow());
        if (!result.IsValid)
        {
            return result.Failure == JwtFailure.Expired ? (null, TokenFailure.Expired) : Refused(result.Failure.ToString());
        }

        if (TokenClaims.Read(authority, keys.Generation, signed.Header.KeyId, result) is not { } token)
        {
            return Refused("a claim has a shape that is not taken");
        }

        _memory.Keep(digest, token);
        return (token, TokenFailure.None);
    }

    private (VerifiedToken?, TokenFailure) Refused(string why)
    {
        log.LogInformation("An access token was refused: {Why}.", why);
        return (null, TokenFailure.Invalid);
    }

    private static TimeSpan Skew(Authority authority) => TimeSpan.FromSeconds(authority.Options.SkewSeconds);

    private static JwtRules RulesOf(AuthorityOptions options) => new()
    {
        Type = options.TokenType.Length > 0 ? options.TokenType : null,
        Issuer = options.Issuer,
        Audiences = [options.Audience],
        Skew = TimeSpan.FromSeconds(options.SkewSeconds),
        RequireIssuedAt = true,
        MaxLifetime = TimeSpan.FromHours(options.MaxTokenHours),
        RequiredTexts = ["sub", options.ClientIdClaim],
    };

    /// <summary>The only thing taken from a token before it is verified is which authority's keys to try; the rules check the issuer again.</summary>
    private Authority? AuthorityOf(string text)
    {
        if (authorities.All.Count <= 1)
        {
            return authorities.All.FirstOrDefault();
        }

        var first = text.IndexOf('.', StringComparison.Ordinal);
        var payload = text.AsSpan(first + 1, text.LastIndexOf('.') - first - 1);
        return TextOf(payload, "iss"u8) is { } issuer ? authorities.Of(issuer) : null;
    }

    private static string? KeyIdOf(string text) => TextOf(text.AsSpan(0, text.IndexOf('.', StringComparison.Ordinal)), "kid"u8);

    internal static string? TextOf(ReadOnlySpan<char> part, ReadOnlySpan<byte> name) =>
        StrictBase64Url.TryDecode(part, out var bytes) && StrictJson.TryParseObject(bytes, out var json)
        && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <summary>The SHA-256 of a token, which is cached in its place.</summary>
internal readonly record struct TokenDigest(UInt128 High, UInt128 Low)
{
    public static TokenDigest Of(string token)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(token.Length));
        try
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(token, bytes)), digest);
            var halves = MemoryMarshal.Cast<byte, UInt128>(digest);
            return new(halves[0], halves[1]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}

/// <summary>
/// Two generations of verified tokens: when the younger is full it becomes the older, and the older one is dropped. Only verified tokens
/// are added, so nobody can fill it without a signature of an authority.
/// </summary>
internal sealed class TokenMemory(int half = 10_000)
{
    private readonly Lock _turn = new();
    private System.Collections.Concurrent.ConcurrentDictionary<TokenDigest, VerifiedToken> _younger = new();
    private System.Collections.Concurrent.ConcurrentDictionary<TokenDigest, VerifiedToken> _older = new();

    public VerifiedToken? Find(TokenDigest digest)
    {
        if (_younger.TryGetValue(digest, out var token))
        {
            return token;
        }

        if (_older.TryGetValue(digest, out token))
        {
            Keep(digest, token);
            return token;
        }

        return null;
    }

    public void Keep(TokenDigest digest, VerifiedToken token)
    {
        _younger[digest] = token;
        if (_younger.Count > half)
        {
            lock (_turn)
            {
                if (_younger.Count > half)
                {
                    (_older, _younger) = (_younger, new());
                }
            }
        }
    }
}
