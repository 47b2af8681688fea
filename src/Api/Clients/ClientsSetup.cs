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
    }
}
