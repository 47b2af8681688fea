using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Proofsheet.Shared.Outbox;

internal static class OutboxSetup
{
    public static IServiceCollection AddOutbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OutboxOptions>().Bind(configuration.GetSection("Outbox")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OutboxHandlers>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxTurns>();
        services.AddScoped<IInterceptor, OutboxSignalInterceptor>();
        services.AddScoped<OutboxStore>();
        services.AddHostedService<OutboxDispatcher>();
        return services;
    }
}
