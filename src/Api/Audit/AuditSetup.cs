using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Proofsheet.Api.Audit;

internal static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddScoped<IInterceptor, AuditInterceptor>()
        .AddSingleton<IInterceptor, StatementGuard>();

    public static void MapAudit(this IEndpointRouteBuilder routes) => routes.MapListAudit();
}
