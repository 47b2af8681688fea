namespace Proofsheet.Identity.Users;

internal static class UsersSetup
{
    public static IServiceCollection AddUsers(this IServiceCollection services, IConfiguration configuration) => services;

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
    }
}
