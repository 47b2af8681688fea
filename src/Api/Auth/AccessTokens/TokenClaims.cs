using System.Text.Json;
using Proofsheet.Api.Auth.Revocation;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Jose;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>Reads the claims of a token whose signature, issuer, audience and times are valid.</summary>
internal static class TokenClaims
{
    private const int MaxTextLength = 255;

    /// <summary>Null if a claim that matters has an unexpected form.</summary>
    public static VerifiedToken? Read(Authority authority, object keyGeneration, string? keyId, JwtResult token)
    {
        var options = authority.Options;
        var claims = token.Claims;
        if (!TryText(claims, "sub", out var subject) || subject is null
            || !TryText(claims, options.ClientIdClaim, out var client) || client is null
            || !TryText(claims, "jti", out var id) || (id is null && options.TokenType == "at+jwt")
            || !TryText(claims, options.SessionClaim, out var session)
            || !TryText(claims, options.FamilyClaim, out var family)
            || !TryText(claims, options.TenantClaim, out var studio)
            || !TryText(claims, options.SubjectTypeClaim, out var subjectType)
            || !TryTexts(claims, options.ScopeClaim, out var scopes)
            || !TryTexts(claims, "amr", out var methods)
            || !TryThumbprint(claims, out var thumbprint))
        {
            return null;
        }

        var issued = token.Time("iat")!.Value;
        return new VerifiedToken
        {
            Authority = authority,
            KeyGeneration = keyGeneration,
            KeyId = keyId,
            Account = new Account(options.Issuer, subject, client),
            IsService = subjectType is null ? subject == client : subjectType == "client",
            Scopes = [.. scopes.Select(s => WithoutPrefix(s, options.ScopePrefix)).Where(Scopes.OfTokens.ContainsKey).Distinct(StringComparer.Ordinal)],
            Studio = studio,
            NotBefore = token.Time("nbf") ?? DateTimeOffset.MinValue.AddDays(1),
            IssuedAt = issued,
            ExpiresAt = token.Time("exp")!.Value,
            AuthenticatedAt = token.Time("auth_time"),
            HasSecondFactor = methods.Any(options.IsSecondFactor),
            VerifiedEmail = Email(claims, options),
            KeyThumbprint = thumbprint,
            DenyKeys =
            [
                .. id is null ? Array.Empty<string>() : [DenyList.KeyOf(DenialKind.Token, options.Issuer, id)],
                .. session is null ? Array.Empty<string>() : [DenyList.KeyOf(DenialKind.Session, options.Issuer, session)],
                .. family is null ? Array.Empty<string>() : [DenyList.KeyOf(DenialKind.Family, options.Issuer, family)],
            ],
            SubjectDenyKey = DenyList.KeyOf(DenialKind.Subject, options.Issuer, subject),
        };
    }

    /// <summary>Either absent or a text of visible ASCII, as OpenID Connect Core requires for subjects (section 2).</summary>
    public static bool TryText(JsonElement claims, string name, out string? text)
    {
        text = null;
        if (!claims.TryGetProperty(name, out var claim))
        {
            return true;
        }

        if (claim.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        text = claim.GetString()!;
        return text.Length is > 0 and <= MaxTextLength && text.All(c => c is >= ' ' and <= '~');
    }

    private static string? Email(JsonElement claims, AuthorityOptions options) =>
        claims.TryGetProperty("email_verified", out var verified) && verified.ValueKind == JsonValueKind.True
        && claims.TryGetProperty(options.EmailClaim, out var email) && email.ValueKind == JsonValueKind.String
            ? email.GetString()
            : null;

    /// <summary>An array, or one text separated by spaces (RFC 8693, 4.2).</summary>
    private static bool TryTexts(JsonElement claims, string name, out IReadOnlyList<string> texts)
    {
        texts = [];
        if (!claims.TryGetProperty(name, out var claim))
        {
            return true;
        }

        if (claim.ValueKind == JsonValueKind.String)
        {
            texts = claim.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return true;
        }

        if (claim.ValueKind != JsonValueKind.Array || claim.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        texts = [.. claim.EnumerateArray().Select(e => e.GetString()!)];
        return true;
    }

    /// <summary>A confirmation of an unknown kind must not be treated as none (RFC 7800, 3.1).</summary>
    private static bool TryThumbprint(JsonElement claims, out string? thumbprint)
    {
        thumbprint = null;
        if (!claims.TryGetProperty("cnf", out var confirmation))
        {
            return true;
        }

        return confirmation.ValueKind == JsonValueKind.Object && confirmation.EnumerateObject().Count() == 1
            && TryText(confirmation, "jkt", out thumbprint) && thumbprint is not null;
    }

    private static string WithoutPrefix(string scope, string prefix) =>
        prefix.Length > 0 && scope.StartsWith(prefix, StringComparison.Ordinal) ? scope[prefix.Length..] : scope;
}
