namespace Proofsheet.Identity.Protocol;

internal static class ProtocolSetup
{
    public static IServiceCollection AddProtocol(this IServiceCollection services, IConfiguration configuration) => services;

    public static void MapProtocol(this IEndpointRouteBuilder routes)
    {
    }
}
