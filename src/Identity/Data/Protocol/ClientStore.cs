using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Data.Protocol;

internal sealed class ClientStore(IdentityDb db, IOptions<ProtocolOptions> options) : IClientStore, IRegisteredClients
{
    public async Task<Client?> FindAsync(string clientId, CancellationToken cancellation) =>
        BuiltIn(clientId)
        ?? (ClientRules.IsIdentifier(clientId)
            ? (await db.Set<RegisteredClient>().AsNoTracking().SingleOrDefaultAsync(c => c.ClientId == clientId, cancellation))?.Metadata
            : null);

    public async Task<bool> IsKnownOriginAsync(string origin, CancellationToken cancellation) =>
        options.Value.Clients.Any(c => c.AllowedOrigins.Contains(origin))
        || await db.Set<ClientOrigin>().AnyAsync(o => o.Origin == origin, cancellation);

    async Task<RegisteredClient?> IRegisteredClients.FindAsync(string clientId, CancellationToken cancellation) =>
        ClientRules.IsIdentifier(clientId) ? await db.Set<RegisteredClient>().SingleOrDefaultAsync(c => c.ClientId == clientId, cancellation) : null;

    public async Task AddAsync(RegisteredClient client, CancellationToken cancellation)
    {
        db.Add(client);
        db.AddRange(Origins(client));
        await db.SaveChangesAsync(cancellation);
    }

    public async Task<bool> SaveAsync(RegisteredClient client, CancellationToken cancellation)
    {
        var before = await db.Set<ClientOrigin>().Where(o => o.ClientId == client.ClientId).ToListAsync(cancellation);
        db.RemoveRange(before.Where(o => !client.Metadata.AllowedOrigins.Contains(o.Origin)));
        db.AddRange(Origins(client).Where(o => before.All(b => b.Origin != o.Origin)));
        client.Version++;
        try
        {
            await db.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    public Task RemoveAsync(string clientId, CancellationToken cancellation) =>
        db.Set<RegisteredClient>().Where(c => c.ClientId == clientId).ExecuteDeleteAsync(cancellation);

    private Client? BuiltIn(string clientId) => options.Value.Clients.FirstOrDefault(c => c.ClientId == clientId);

    private static IEnumerable<ClientOrigin> Origins(RegisteredClient client) =>
        client.Metadata.AllowedOrigins.Distinct(StringComparer.Ordinal).Select(o => new ClientOrigin { Origin = o, ClientId = client.ClientId });
}
