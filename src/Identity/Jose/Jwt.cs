using System.Text.Json;

namespace Proofsheet.Jose;

/// <summary>The rules for a token's claims (RFC 7519). A check is turned off explicitly with null, never by omission.</summary>
public sealed record JwtRules
{
    /// <summary>The <c>typ</c> of the header, compared as a media type: <c>at+jwt</c> also matches <c>application/at+jwt</c> (RFC 7515 section 4.1.9).</summary>
    public required string? Type { get; init; }

    /// <summary>The expected <c>iss</c>.</summary>
    public required string? Issuer { get; init; }

    /// <summary><c>aud</c> must contain one of these.</summary>
    public required IReadOnlyCollection<string>? Audiences { get; init; }

    /// <summary>The allowed clock skew.</summary>
    public TimeSpan Skew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a token without <c>exp</c> is refused.</summary>
    public bool RequireExpiry { get; init; } = true;

    /// <summary>Whether a token without <c>iat</c> is refused.</summary>
    public bool RequireIssuedAt { get; init; }

    /// <summary>The longest time from <c>iat</c> to <c>exp</c>; both are then required.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>The longest time since <c>iat</c>, which is then required.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Claims that must be nonempty strings.</summary>
    public IReadOnlyCollection<string> RequiredTexts { get; init; } = [];
}

/// <summary>Why claims were refused. For logs and tests: callers respond the same way to all of them.</summary>
public enum JwtFailure
{
    None,

    /// <summary>The signature did not verify.</summary>
    NotSigned,

    /// <summary>The payload is not a JSON object, or a claim has the wrong type.</summary>
    Malformed,
    WrongType,
    WrongIssuer,
    WrongAudience,
    MissingClaim,
    Expired,
    NotYetValid,

    /// <summary><c>iat</c> is in the future.</summary>
    IssuedInFuture,

    /// <summary>Older than MaxAge, or with a lifetime above MaxLifetime.</summary>
    TooOld,
}

/// <summary>The result of <see cref="Jwt.Validate(JwsResult, JwtRules, DateTimeOffset)"/>.</summary>
public sealed class JwtResult
{
    private readonly JsonElement _claims;

    internal JwtResult(JwtFailure failure, JsonElement claims = default) => (Failure, _claims) = (failure, claims);

    public bool IsValid => Failure == JwtFailure.None;

    public JwtFailure Failure { get; }

    /// <exception cref="InvalidOperationException">The token is not valid.</exception>
    public JsonElement Claims => IsValid ? _claims : throw new InvalidOperationException("Nothing of a token that failed is to be used.");

    /// <summary>A string claim; null when it is missing or not a string.</summary>
    public string? Text(string name) => Claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String ? claim.GetString() : null;

    /// <summary>A NumericDate claim (<c>exp</c>, <c>iat</c>, <c>auth_time</c>); null when it is missing or not a date.</summary>
    public DateTimeOffset? Time(string name) =>
        Jwt.TryGetTime(Claims, name, out var seconds) && seconds is { } value ? DateTimeOffset.UnixEpoch.AddSeconds(value) : null;
}

/// <summary>JSON Web Token claims (RFC 7519).</summary>
public static class Jwt
{
    /// <summary>9999-12-31T23:59:59Z.</summary>
    private const double LastSecond = 253402300799;

    /// <summary>Checks the claims of a verified token.</summary>
    public static JwtResult Validate(JwsResult token, JwtRules rules, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(rules);
        if (!token.IsValid)
        {
            return new JwtResult(JwtFailure.NotSigned);
        }

        return rules.Type is { } type && !IsType(token.Header.Type, type)
            ? new JwtResult(JwtFailure.WrongType)
            : Validate(token.Payload, rules, now);
    }

    /// <summary>Checks claims whose signature and type have already been verified.</summary>
    public static JwtResult Validate(ReadOnlySpan<byte> payload, JwtRules rules, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (!StrictJson.TryParseObject(payload, out var claims))
        {
            return new JwtResult(JwtFailure.Malformed);
        }

        var failure = CheckTexts(claims, rules);
        if (failure == JwtFailure.None)
        {
            failure = CheckTimes(claims, rules, (now - DateTimeOffset.UnixEpoch).TotalSeconds);
        }

        return new JwtResult(failure, claims);
    }

    internal static bool TryGetTime(JsonElement claims, string name, out double? seconds)
    {
        seconds = null;
        if (!claims.TryGetProperty(name, out var claim))
        {
            return true;
        }

        // Fractions are allowed (RFC 7519 section 2). 1e400 is read as infinity, which the range check refuses.
        if (claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out var value) || value is not (>= 0 and <= LastSecond))
        {
            return false;
        }

        seconds = value;
        return true;
    }

    private static JwtFailure CheckTexts(JsonElement claims, JwtRules rules)
    {
        if (rules.Issuer is { } issuer && !(claims.TryGetProperty("iss"u8, out var iss) && iss.ValueKind == JsonValueKind.String && iss.ValueEquals(issuer)))
        {
            return JwtFailure.WrongIssuer;
        }

        if (rules.Audiences is { } audiences && !(claims.TryGetProperty("aud"u8, out var aud) && Names(aud, audiences)))
        {
            return JwtFailure.WrongAudience;
        }

        foreach (var name in rules.RequiredTexts)
        {
            if (!claims.TryGetProperty(name, out var claim))
            {
                return JwtFailure.MissingClaim;
            }

            if (claim.ValueKind != JsonValueKind.String || claim.ValueEquals(""u8))
            {
                return JwtFailure.Malformed;
            }
        }

        return JwtFailure.None;
    }

    private static JwtFailure CheckTimes(JsonElement claims, JwtRules rules, double now)
    {
        if (!TryGetTime(claims, "exp", out var expiry) || !TryGetTime(claims, "nbf", out var notBefore) || !TryGetTime(claims, "iat", out var issued))
        {
            return JwtFailure.Malformed;
        }

        var needsIssued = rules.RequireIssuedAt || rules.MaxAge is not null || rules.MaxLifetime is not null;
        if ((expiry is null && (rules.RequireExpiry || rules.MaxLifetime is not null)) || (issued is null && needsIssued))
        {
            return JwtFailure.MissingClaim;
        }

        var skew = rules.Skew.TotalSeconds;
        return (expiry, notBefore, issued) switch
        {
            var (e, _, _) when now >= e + skew => JwtFailure.Expired,
            var (_, n, _) when now < n - skew => JwtFailure.NotYetValid,
            var (_, _, i) when now < i - skew => JwtFailure.IssuedInFuture,
            var (_, _, i) when now > i + skew + rules.MaxAge?.TotalSeconds => JwtFailure.TooOld,
            var (e, _, i) when e - i > rules.MaxLifetime?.TotalSeconds => JwtFailure.TooOld,
            _ => JwtFailure.None,
        };
    }

    private static bool IsType(string? actual, string expected)
    {
        const string Prefix = "application/";
        var name = actual.AsSpan();
        if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            name = name[Prefix.Length..];
        }

        return name.Equals(expected, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A string or an array of strings; any other element invalidates the whole claim.</summary>
    private static bool Names(JsonElement claim, IReadOnlyCollection<string> audiences)
    {
        if (claim.ValueKind == JsonValueKind.String)
        {
            return IsOneOf(claim, audiences);
        }

        if (claim.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var found = false;
        foreach (var member in claim.EnumerateArray())
        {
            if (member.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            found |= IsOneOf(member, audiences);
        }

        return found;
    }

    private static bool IsOneOf(JsonElement text, IReadOnlyCollection<string> audiences)
    {
        foreach (var audience in audiences)
        {
            if (text.ValueEquals(audience))
            {
                return true;
            }
        }

        return false;
    }
}
