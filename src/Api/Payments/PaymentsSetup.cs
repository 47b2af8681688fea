using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Http;
using Proofsheet.Api.Payments.Simulator;

namespace Proofsheet.Api.Payments;

internal static class PaymentsSetup
{
    public static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PaymentOptions>().Bind(configuration.GetSection("Payments")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PaymentOptions>, PaymentOptionsValidation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(SimulatorWebhooks.ClientName, client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddSingleton<SimulatorStore>();
        services.AddSingleton<CardTokens>();
        services.AddSingleton<PaymentSimulator>();
        services.AddSingleton<IPaymentProvider>(provider => new BoundedPayments(
            provider.GetRequiredService<PaymentSimulator>(), TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<PaymentOptions>>().Value.TimeoutSeconds)));
        services.AddSingleton<IProblemTranslator, PaymentProblems>();
        services.AddHostedService<SimulatorWebhooks>();
        return services;
    }

    private sealed class PaymentOptionsValidation(IHostEnvironment environment) : IValidateOptions<PaymentOptions>
    {
        public ValidateOptionsResult Validate(string? name, PaymentOptions options)
        {
            var errors = options.Errors(environment.IsProduction()).ToList();
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
