using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Auth.Cors;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.OAuthClients;

/// <summary>Which studio registered a client, at most a minute out of date.</summary>
internal sealed class ClientDirectory(TimeProvider clock)
{
    private readonly ShortCache<string, RegisteredClient> _known = new(clock, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30));

    public ValueTask<RegisteredClient?> FindAsync(string digest, ProofsheetDb db, CancellationToken cancellation) =>
        _known.GetAsync(digest, db, static (digest, db, cancellation) => ReadAsync(digest, db, cancellation), cancellation);

    public void Forget(string digest) => _known.Forget(key => key == digest);

    private static async Task<RegisteredClient?> ReadAsync(string digest, ProofsheetDb db, CancellationToken cancellation)
    {
        var found = await db.AcrossTenants<OAuthClient>().Where(c => c.ClientDigest == digest)
            .Join(db.AcrossTenants<Studio>(), c => c.TenantId, s => s.TenantId, (c, s) => new { s.TenantId, c.Scopes, c.Type, s.IsSandbox })
            .SingleOrDefaultAsync(cancellation);
        // Only service clients act on their own behalf; the others act for the people who sign in.
        return found is null ? null : new RegisteredClient(
            found.TenantId, found.Type == OAuthClientType.Service ? found.Scopes.ToHashSet(StringComparer.Ordinal) : new HashSet<string>(), found.IsSandbox);
    }
}

internal sealed class ServiceClients(ClientDirectory directory, ProofsheetDb db) : IRegisteredClients
{
    public ValueTask<RegisteredClient?> FindAsync(Account account, CancellationToken cancellation) => directory.FindAsync(account.ClientDigest, db, cancellation);
}

internal sealed class ClientOrigins(ProofsheetDb db) : IClientOrigins
{
    public Task<bool> HasAsync(string origin, Id<Tenant>? studio, CancellationToken cancellation)
    {
        var origins = db.AcrossTenants<OAuthClientOrigin>().Where(o => o.Origin == origin);
        if (studio is { } id)
        {
            origins = origins.Where(o => o.TenantId == id);
        }

        return origins.AnyAsync(cancellation);
    }
}
