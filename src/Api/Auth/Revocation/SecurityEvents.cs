using System.Text.Json;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Jose;

namespace Proofsheet.Api.Auth.Revocation;

/// <summary>Why an event was refused; the codes of RFC 8935, 2.4.</summary>
internal sealed record EventRefusal(string Code, string Description);

/// <summary>An authority's event, reduced to what it denies.</summary>
internal sealed record ToldDenial(DenialKind Kind, string Value, DateTimeOffset ToldAt, DateTimeOffset ExpiresAt);

/// <summary>
/// Reads events of authorities: Security Event Tokens (RFC 8417) and the logout tokens of OpenID Connect Back-Channel Logout
/// 1.0. A denial ends at a time that follows from the event itself, so an event that is sent again, even years later,
/// denies nothing that it did not deny before.
/// </summary>
internal sealed class SecurityEvents(Authorities authorities, TimeProvider clock)
{
    public const string SessionRevoked = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
    public const string AccountDisabled = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";
    public const string TokenRevoked = "urn:proofsheet:event:token-revoked";
    public const string FamilyRevoked = "urn:proofsheet:event:family-revoked";
    public const string BackChannelLogout = "http://schemas.openid.net/event/backchannel-logout";

    public async Task<(string Issuer, IReadOnlyList<ToldDenial> Told, EventRefusal? Refusal)> ReadAsync(string text, bool isLogout, CancellationToken cancellation)
    {
        if (UnverifiedIssuer(text) is not { } issuer)
        {
            return Refused("invalid_request", "This is no signed token.");
        }

        if (authorities.Of(issuer) is not { } authority)
        {
            return Refused("invalid_issuer", "The issuer is none that this API knows.");
        }

        if (await authority.KeysForAsync(KeyIdOf(text), cancellation) is not { } keys)
        {
            return Refused("invalid_key", "The issuer's keys are not known at the moment. Send it again later.");
        }

        var options = authority.Options;
        var signed = Jws.Verify(text, options.AllowedAlgorithms, keys.Of);
        if (!signed.IsValid)
        {
            return signed.Failure == JwsFailure.NoKey
                ? Refused("invalid_key", "No key of the issuer fits.")
                : Refused("authentication_failed", "The signature is not the issuer's.");
        }

        var result = Jwt.Validate(signed, RulesOf(options, isLogout), clock.GetUtcNow());
        if (result.Failure is JwtFailure.WrongAudience)
        {
            return Refused("invalid_audience", "The event is for another audience.");
        }

        if (!result.IsValid)
        {
            return Refused("invalid_request", $"The token is not acceptable: {result.Failure}.");
        }

        if (result.Claims.TryGetProperty("nonce", out _) || !result.Claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object)
        {
            return Refused("invalid_request", "An event token has events and no nonce.");
        }

        var told = new List<ToldDenial>();
        foreach (var happened in events.EnumerateObject())
        {
            // Unknown events are ignored, because a transmitter may send more than a receiver handles.
            if (happened.Value.ValueKind != JsonValueKind.Object || !TryRead(happened, result, options, told))
            {
                return Refused("invalid_request", "The event lacks what its kind needs.");
            }
        }

        return isLogout && told.Count == 0
            ? Refused("invalid_request", "This is no logout token.")
            : (options.Issuer, told, null);
    }

    private static bool TryRead(JsonProperty happened, JwtResult token, AuthorityOptions options, List<ToldDenial> told)
    {
        var at = token.Time("iat")!.Value;
        // No token concerned lives longer than any token may.
        var until = at + TimeSpan.FromHours(options.MaxTokenHours) + TimeSpan.FromSeconds(options.SkewSeconds);
        switch (happened.Name)
        {
            case SessionRevoked:
                return SubjectOf(happened.Value, token, "opaque", "id") is { } session && Tell(DenialKind.Session, session);
            case AccountDisabled:
                return IssuerOf(happened.Value, token) == options.Issuer && SubjectOf(happened.Value, token, "iss_sub", "sub") is { } subject && Tell(DenialKind.Subject, subject);
            case TokenRevoked:
                return TokenClaims.TryText(happened.Value, "jti", out var id) && id is not null && Tell(DenialKind.Token, id);
            case FamilyRevoked:
                return TokenClaims.TryText(happened.Value, "family", out var family) && family is not null && Tell(DenialKind.Family, family);
            case BackChannelLogout:
                if (!TokenClaims.TryText(token.Claims, "sid", out var sid) || !TokenClaims.TryText(token.Claims, "sub", out var sub))
                {
                    return false;
                }

                // Without a session, all sessions of the account are meant (Back-Channel Logout 1.0, 2.4).
                return sid is not null ? Tell(DenialKind.Session, sid) : sub is not null && Tell(DenialKind.Subject, sub);
            default:
                return true;
        }

        bool Tell(DenialKind kind, string value)
        {
            told.Add(new ToldDenial(kind, value, at, until));
            return true;
        }
    }

    /// <summary>The subject of an event (RFC 9493), in the event or, in newer profiles, in <c>sub_id</c> of the token.</summary>
    private static string? SubjectOf(JsonElement happened, JwtResult token, string format, string name) =>
        SubjectElement(happened, token) is { } subject && subject.TryGetProperty("format", out var spelled) && spelled.ValueKind == JsonValueKind.String && spelled.ValueEquals(format)
        && TokenClaims.TryText(subject, name, out var value)
            ? value
            : null;

    private static string? IssuerOf(JsonElement happened, JwtResult token) =>
        SubjectElement(happened, token) is { } subject && TokenClaims.TryText(subject, "iss", out var issuer) ? issuer : null;

    private static JsonElement? SubjectElement(JsonElement happened, JwtResult token) =>
        (happened.TryGetProperty("subject", out var subject) || token.Claims.TryGetProperty("sub_id", out subject)) && subject.ValueKind == JsonValueKind.Object ? subject : null;

    private static JwtRules RulesOf(AuthorityOptions options, bool isLogout) => new()
    {
        // For years logout tokens had no type of their own (Back-Channel Logout 1.0, 2.4); "events" distinguishes them from all others.
        Type = isLogout ? null : "secevent+jwt",
        Issuer = options.Issuer,
        Audiences = [options.Audience, .. options.EventAudiences, .. options.Registration.IsConfigured ? (string[])[options.Registration.ClientId] : []],
        Skew = TimeSpan.FromSeconds(options.SkewSeconds),
        RequireExpiry = false,
        RequireIssuedAt = true,
        RequiredTexts = ["jti"],
    };

    private static string? UnverifiedIssuer(string text)
    {
        var first = text.IndexOf('.', StringComparison.Ordinal);
        var last = text.LastIndexOf('.');
        return text.Length <= Jws.MaxLength && first > 0 && last > first ? AccessTokenVerifier.TextOf(text.AsSpan(first + 1, last - first - 1), "iss"u8) : null;
    }

    private static string? KeyIdOf(string text) => AccessTokenVerifier.TextOf(text.AsSpan(0, text.IndexOf('.', StringComparison.Ordinal)), "kid"u8);

    private static (string, IReadOnlyList<ToldDenial>, EventRefusal?) Refused(string code, string description) => ("", [], new(code, description));
}
