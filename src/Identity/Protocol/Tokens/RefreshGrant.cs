using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Sessions;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>Refresh tokens: each works once and returns the next one (RFC 9700 section 4.14.2). Reusing one revokes its whole family.</summary>
internal sealed class RefreshGrant(
    IGrantStore grants, TokenIssuer issuer, TokenRevocation revocation, Holders holders, ISecurityLog securityLog, IOptions<ProtocolOptions> options, TimeProvider clock) : IExtensionGrant
{
    private static readonly OAuthError Refused = OAuthError.InvalidGrant("The refresh token is not valid, was used, has run out or was revoked.");

    public string GrantType => GrantTypes.RefreshToken;

    public async Task<Outcome<TokenAnswer>> ExchangeAsync(TokenRequest request, CancellationToken cancellation)
    {
        if (request.Parameters["refresh_token"] is not { } token)
        {
            return OAuthError.InvalidRequest("refresh_token is missing.");
        }

        var key = Handles.Hash(token);
        if (await grants.FindAsync(GrantKind.RefreshToken, key, cancellation) is not { } grant
            || grant.ClientId != request.Client.ClientId
            || JsonSerializer.Deserialize<RefreshData>(grant.Data) is not { } data
            || data.Jkt != request.Jkt)
        {
            return Refused;
        }

        var now = clock.GetUtcNow();
        var authorization = data.Authorization;
        if (await grants.FindFamilyAsync(authorization.Family, cancellation) is not { RevokedAt: null } family || family.ExpiresAt <= now)
        {
            return Refused;
        }

        if (grant.ConsumedAt is { } usedAt)
        {
            return await UsedBeforeAsync(request, data, usedAt, now, cancellation);
        }

        // Scopes that were since removed from the client's registration are not granted.
        var granted = authorization.Scopes.Where(request.Client.Scopes.Contains).ToList();
        var scopes = request.Parameters["scope"] is { } asked ? KnownScopes.Split(asked) : granted;
        if (scopes.Count == 0 || scopes.Except(granted, StringComparer.Ordinal).Any())
        {
            return OAuthError.InvalidScope("A refresh gives the scopes that were granted, or fewer.");
        }

        if (!await holders.IsActiveAsync(authorization.Subject, cancellation))
        {
            return Refused;
        }

        var signers = await issuer.SignersAsync(request.Client, cancellation);
        var outcome = await grants.AtomicallyAsync<Outcome<TokenAnswer>?>(
            async () => !await grants.TryConsumeAsync(GrantKind.RefreshToken, key, now, cancellation) ? null
                : !await grants.HoldFamilyAsync(family.Id, now, cancellation) ? Refused
                : await issuer.IssueAsync(signers, request.Client, authorization, scopes, request.Jkt, nonce: null, family.ExpiresAt, cancellation),
            cancellation);
        return outcome ?? await UsedBeforeAsync(request, data, now, now, cancellation);
    }

    // Two tabs that refresh at once are not a theft. But only a caller that has proven to be the client, by its credentials or its key, is taken for
    // the other tab; and even then it gets nothing here, because the first caller has the new token.
    private async Task<Outcome<TokenAnswer>> UsedBeforeAsync(TokenRequest request, RefreshData data, DateTimeOffset usedAt, DateTimeOffset now, CancellationToken cancellation)
    {
        var isProven = !request.Client.IsPublic || data.Jkt is not null;
        if (isProven && now - usedAt <= TimeSpan.FromSeconds(options.Value.RefreshGraceSeconds))
        {
            return Refused;
        }

        await revocation.RevokeFamilyAsync(data.Authorization.Family, cancellation);
        await securityLog.AddAsync("refresh_reused", data.Authorization.ClientId, data.Authorization.Subject, cancellation, data.Authorization.SessionId);
        return Refused;
    }
}
