using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Events;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Tokens;

namespace Proofsheet.Identity.Protocol.Sessions;

/// <summary>Revokes what was issued. The notifications to others are saved in the same transaction.</summary>
internal sealed class TokenRevocation(
    IGrantStore grants, IOnceStore once, IClientStore clients, SecurityEvents events, IOutboxPublisher outbox, IOptions<ProtocolOptions> options, TimeProvider clock) : ITokenRevocation
{
    public Task<bool> RevokeFamilyAsync(string family, CancellationToken cancellation) => grants.AtomicallyAsync(
        async () =>
        {
            var revoked = await grants.RevokeFamilyAsync(family, clock.GetUtcNow(), cancellation);
            if (revoked)
            {
                await events.FamilyRevokedAsync(family, LastTokenEnds, cancellation);
            }

            return revoked;
        },
        cancellation);

    /// <summary>Revokes one access token, by its <c>jti</c>.</summary>
    public Task RevokeTokenAsync(string jti, DateTimeOffset expires, CancellationToken cancellation) => grants.AtomicallyAsync(
        async () =>
        {
            var isNew = await once.TryAddAsync(AccessTokens.RevokedPurpose, jti, expires, cancellation);
            if (isNew)
            {
                await events.TokenRevokedAsync(jti, expires, cancellation);
            }

            return isNew;
        },
        cancellation);

    public Task RevokeSessionAsync(string sessionId, CancellationToken cancellation) => grants.AtomicallyAsync(
        async () =>
        {
            await EndedAsync(await grants.RevokeSessionAsync(sessionId, clock.GetUtcNow(), cancellation), cancellation);
            return true;
        },
        cancellation);

    public Task RevokeSubjectAsync(string subject, string? exceptSession, bool accountDisabled, CancellationToken cancellation) => grants.AtomicallyAsync(
        async () =>
        {
            await EndedAsync(await grants.RevokeSubjectAsync(subject, exceptSession, clock.GetUtcNow(), cancellation), cancellation);
            if (accountDisabled)
            {
                await events.AccountDisabledAsync(subject, cancellation);
            }

            return true;
        },
        cancellation);

    /// <summary>Revokes what was issued to a client, for one account or for all.</summary>
    public Task RevokeClientAsync(string clientId, string? subject, CancellationToken cancellation) => grants.AtomicallyAsync(
        async () =>
        {
            foreach (var family in await grants.RevokeClientAsync(clientId, subject, clock.GetUtcNow(), cancellation))
            {
                await events.FamilyRevokedAsync(family.Id, LastTokenEnds, cancellation);
            }

            return true;
        },
        cancellation);

    private DateTimeOffset LastTokenEnds => clock.GetUtcNow() + options.Value.AccessTokenLifetime;

    private async Task EndedAsync(IReadOnlyList<GrantFamily> families, CancellationToken cancellation)
    {
        foreach (var session in families.Where(f => f.SessionId is not null).GroupBy(f => f.SessionId!))
        {
            await events.SessionRevokedAsync(session.Key, cancellation);
            foreach (var clientId in session.Select(f => f.ClientId).Distinct())
            {
                if (await clients.FindAsync(clientId, cancellation) is { BackChannelLogoutUri: { } address })
                {
                    await outbox.PublishAsync(BackChannelLogout.Of(address, clientId, session.First().Subject, session.Key, clock.GetUtcNow()), cancellation);
                }
            }
        }

        foreach (var family in families.Where(f => f.SessionId is null))
        {
            await events.FamilyRevokedAsync(family.Id, LastTokenEnds, cancellation);
        }
    }
}
