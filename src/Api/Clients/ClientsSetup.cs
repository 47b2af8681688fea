using Proofsheet.Api.Clients.Consents;

namespace Proofsheet.Api.Clients;

internal static class ClientsSetup
{
    public static void MapClients(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateClient();
        routes.MapListClients();
        routes.MapGetClient();
        routes.MapUpdateClient();
        routes.MapDeleteClient();
        routes.MapRecordClientConsent();
        routes.MapWithdrawClientConsent();
    }
}
