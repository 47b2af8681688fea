namespace Proofsheet.Api.Storage.Maintenance;

internal static class StoreMaintenanceSetup
{
    public static IServiceCollection AddStoreMaintenance(this IServiceCollection services)
    {
        services.AddSingleton<OrphanSweeper>();
        return services.AddHostedService(provider => provider.GetRequiredService<OrphanSweeper>());
    }
}
