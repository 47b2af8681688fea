using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Protocol.Sessions;

internal sealed class ConnectedApplications(IConsentStore consents, IClientStore clients, TokenRevocation revocation, ISecurityLog securityLog) : IConnectedApplications
{
    public async Task<IReadOnlyList<ConnectedApplication>> ListAsync(string subject, CancellationToken cancellation)
    {
        var applications = new List<ConnectedApplication>();
        foreach (var (clientId, scopes, grantedAt) in await consents.ListAsync(subject, cancellation))
        {
            if (await clients.FindAsync(clientId, cancellation) is { } client)
            {
                applications.Add(new ConnectedApplication(clientId, client.Name, scopes, grantedAt));
            }
        }

        return applications;
    }

    public async Task DisconnectAsync(string subject, string clientId, CancellationToken cancellation)
    {
        await consents.RemoveAsync(subject, clientId, cancellation);
        await revocation.RevokeClientAsync(clientId, subject, cancellation);
        await securityLog.AddAsync("application_disconnected", clientId, subject, cancellation);
    }
}
