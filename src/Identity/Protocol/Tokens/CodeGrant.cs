using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Sessions;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>What a code was issued for.</summary>
internal sealed record CodeData
{
    public required Authorization Authorization { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>S256 (RFC 7636); null only for a confidential client that may omit PKCE.</summary>
    public required string? CodeChallenge { get; init; }

    public required string? Nonce { get; init; }

    /// <summary>The key that the code is bound to (RFC 9449 section 10), or null.</summary>
    public required string? DpopJkt { get; init; }
}

/// <summary>The authorization code (RFC 6749 section 4.1.3, RFC 7636 section 4.6).</summary>
internal sealed partial class CodeGrant(
    IGrantStore grants, TokenIssuer issuer, TokenRevocation revocation, Holders holders, ISecurityLog securityLog, TimeProvider clock) : IExtensionGrant
{
    private static readonly OAuthError Refused = OAuthError.InvalidGrant("The code is not valid, was used, has run out, or was given to another request.");

    public string GrantType => GrantTypes.AuthorizationCode;

    public async Task<Outcome<TokenAnswer>> ExchangeAsync(TokenRequest request, CancellationToken cancellation)
    {
        if (request.Parameters["code"] is not { } code)
        {
            return OAuthError.InvalidRequest("code is missing.");
        }

        var key = Handles.Hash(code);
        if (await grants.FindAsync(GrantKind.Code, key, cancellation) is not { } grant
            || grant.ClientId != request.Client.ClientId
            || JsonSerializer.Deserialize<CodeData>(grant.Data) is not { } data
            || !IsOfThisRequest(data, request))
        {
            // Nothing is used up or revoked: a caller without all the proofs may have stolen the code, or merely seen it.
            return Refused;
        }

        if (grant.ConsumedAt is not null)
        {
            return await ReplayedAsync(data.Authorization, cancellation);
        }

        var now = clock.GetUtcNow();
        if (grant.ExpiresAt <= now
            || await grants.FindFamilyAsync(data.Authorization.Family, cancellation) is not { RevokedAt: null } family
            || !await holders.AreLiveAsync(data.Authorization, cancellation))
        {
            return Refused;
        }

        var signers = await issuer.SignersAsync(request.Client, cancellation);
        var outcome = await grants.AtomicallyAsync<Outcome<TokenAnswer>?>(
            async () => !await grants.TryConsumeAsync(GrantKind.Code, key, now, cancellation) ? null
                : !await grants.HoldFamilyAsync(family.Id, now, cancellation) ? Refused
                : await issuer.IssueAsync(signers, request.Client, data.Authorization, data.Authorization.Scopes, request.Jkt, data.Nonce, family.ExpiresAt, cancellation),
            cancellation);
        return outcome ?? await ReplayedAsync(data.Authorization, cancellation);
    }

    private static bool IsOfThisRequest(CodeData data, TokenRequest request)
    {
        var verifier = request.Parameters["code_verifier"];
        // A verifier without a challenge means that the challenge was removed from the request: a downgrade attack (RFC 9700 section 4.8.2).
        var isVerified = data.CodeChallenge is null
            ? verifier is null
            : verifier is not null && Verifier().IsMatch(verifier)
                && Handles.AreEqual(data.CodeChallenge, StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))));
        return isVerified
            && request.Parameters["redirect_uri"] == data.RedirectUri
            && (data.DpopJkt is null || data.DpopJkt == request.Jkt);
    }

    // RFC 6749 section 4.1.2: a code that is presented twice has leaked, so the tokens issued for it are revoked.
    private async Task<Outcome<TokenAnswer>> ReplayedAsync(Authorization authorization, CancellationToken cancellation)
    {
        await revocation.RevokeFamilyAsync(authorization.Family, cancellation);
        await securityLog.AddAsync("code_replayed", authorization.ClientId, authorization.Subject, cancellation, authorization.SessionId);
        return Refused;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{43,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Verifier();
}

/// <summary>Whether tokens may still be issued for a user.</summary>
internal sealed class Holders(IUserSessions sessions, IProfileService profiles)
{
    /// <summary>
    /// For existing grants: a browser session that merely expires does not end what was granted to a program. Ending the session does, through
    /// <see cref="ITokenRevocation"/>.
    /// </summary>
    public async Task<bool> IsActiveAsync(string subject, CancellationToken cancellation) =>
        await profiles.FindAsync(subject, cancellation) is { IsActive: true };

    /// <summary>For new grants.</summary>
    public async Task<bool> AreLiveAsync(Authorization authorization, CancellationToken cancellation) =>
        (authorization.SessionId is null || await sessions.IsLiveAsync(authorization.SessionId, cancellation))
        && await IsActiveAsync(authorization.Subject, cancellation);
}
