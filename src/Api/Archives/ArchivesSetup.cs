namespace Proofsheet.Api.Archives;

internal static class ArchivesSetup
{
    public static IServiceCollection AddArchives(this IServiceCollection services)
    {
        services.AddSingleton<ArchiveCache>();
        services.AddSingleton<ArchiveFiles>();
        services.AddSingleton<StoredFiles>();
        services.AddSingleton<ArchiveLists>();
        return services;
    }
}
