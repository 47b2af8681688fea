using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Sessions;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>
/// Refresh tokens: each works once and returns the next one (RFC 9700 section 4.14.2). Reusing one revokes its whole family, unless it is the same request
/// again within seconds: two tabs, or an answer that was lost. It gets the same answer (decision 38).
/// </summary>
internal sealed class RefreshGrant(
    IGrantStore grants, TokenIssuer issuer, TokenRevocation revocation, Holders holders, ISecurityLog securityLog, Keyring keyring, IOptions<ProtocolOptions> options, TimeProvider clock) : IExtensionGrant
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

        if (grant.ConsumedAt is not null)
        {
            return await UsedBeforeAsync(request, token, grant, data, now, cancellation);
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
                : await KeptAsync(token, key, await issuer.IssueAsync(signers, request.Client, authorization, scopes, request.Jkt, nonce: null, family.ExpiresAt, cancellation), cancellation),
            cancellation);
        return outcome
            ?? (await grants.FindAsync(GrantKind.RefreshToken, key, cancellation) is { } used ? await UsedBeforeAsync(request, token, used, data, now, cancellation) : Refused);
    }

    // Sealed with the token itself in the purpose: the row can be read only by someone who has both our key and the token that was used.
    private static string Purpose(string token) => $"refresh-answer:{token}";

    private async Task<TokenAnswer> KeptAsync(string token, string key, TokenAnswer answer, CancellationToken cancellation)
    {
        if (Grace > TimeSpan.Zero)
        {
            await grants.KeepAnswerAsync(key, keyring.Seal(Purpose(token), JsonSerializer.SerializeToUtf8Bytes(answer)), cancellation);
        }

        return answer;
    }

    private TimeSpan Grace => TimeSpan.FromSeconds(options.Value.RefreshGraceSeconds);

    private async Task<Outcome<TokenAnswer>> UsedBeforeAsync(TokenRequest request, string token, Grant used, RefreshData data, DateTimeOffset now, CancellationToken cancellation)
    {
        var age = now - used.ConsumedAt!.Value;
        if (age <= Grace && used.Answer is { } sealedAnswer && keyring.Open(Purpose(token), sealedAnswer) is { } opened
            && JsonSerializer.Deserialize<TokenAnswer>(opened) is { } answer && !await IsUsedAsync(answer.RefreshToken, cancellation))
        {
            return AsksForTheSame(request, answer) && await holders.IsActiveAsync(data.Authorization.Subject, cancellation)
                ? answer with { ExpiresIn = Math.Max(1, answer.ExpiresIn - (int)age.TotalSeconds) }
                : Refused;
        }

        await revocation.RevokeFamilyAsync(data.Authorization.Family, cancellation);
        await securityLog.AddAsync("refresh_reused", data.Authorization.ClientId, data.Authorization.Subject, cancellation, data.Authorization.SessionId);
        return Refused;
    }

    /// <summary>Once the successor is in use, no honest client still waits for it.</summary>
    private async Task<bool> IsUsedAsync(string? refreshToken, CancellationToken cancellation) =>
        refreshToken is null || await grants.FindAsync(GrantKind.RefreshToken, Handles.Hash(refreshToken), cancellation) is not { ConsumedAt: null };

    private static bool AsksForTheSame(TokenRequest request, TokenAnswer answer) =>
        request.Parameters["scope"] is not { } asked || KnownScopes.Split(asked).ToHashSet(StringComparer.Ordinal).SetEquals(KnownScopes.Split(answer.Scope));
}
