namespace Proofsheet.Api.Payments;

/// <summary>The section <c>Payments</c>.</summary>
public sealed class PaymentOptions
{
    public const string Simulator = "Simulator";

    /// <summary>The payment provider; only <c>Simulator</c> so far. It must be set explicitly in production, because the simulator sells for test cards.</summary>
    public string? Provider { get; set; }

    /// <summary>How long a call to the provider may take; the request is then answered 503.</summary>
    public int TimeoutSeconds { get; set; } = 20;

    [ConfigurationKeyName("Simulator")]
    public SimulatorOptions SimulatorSettings { get; set; } = new();

    internal IEnumerable<string> Errors(bool isProduction)
    {
        if (Provider is null && isProduction)
        {
            yield return "Payments:Provider is not set. Simulator takes test cards and no money, so in production it has to be chosen by name.";
        }
        else if (Provider is not (null or Simulator))
        {
            yield return $"Payments:Provider is '{Provider}'; it can be Simulator.";
        }

        if (TimeoutSeconds is < 1 or > 120)
        {
            yield return "Payments:TimeoutSeconds lies between 1 and 120.";
        }

        if (string.IsNullOrWhiteSpace(SimulatorSettings.Folder))
        {
            yield return "Payments:Simulator:Folder is empty; it keeps the simulated payments.";
        }

        if (SimulatorSettings.LateSuccessDelay < TimeSpan.Zero || SimulatorSettings.LateSuccessDelay > TimeSpan.FromDays(1))
        {
            yield return "Payments:Simulator:LateSuccessDelay lies between 0 and one day.";
        }

        if (SimulatorSettings.PollInterval < TimeSpan.FromMilliseconds(10) || SimulatorSettings.PollInterval > TimeSpan.FromMinutes(1))
        {
            yield return "Payments:Simulator:PollInterval lies between 10 milliseconds and one minute.";
        }

        if (!SimulatorSettings.WebhookUrl.StartsWith('/')
            && !(Uri.TryCreate(SimulatorSettings.WebhookUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return "Payments:Simulator:WebhookUrl is neither a path that begins with / nor an http address.";
        }
    }
}

/// <summary>The section <c>Payments:Simulator</c>.</summary>
public sealed class SimulatorOptions
{
    /// <summary>The folder of the simulated payments; relative to the working folder.</summary>
    public string Folder { get; set; } = Path.Combine(".data", "payments");

    /// <summary>Where events are posted. A path refers to this server, at the address it listens on.</summary>
    public string WebhookUrl { get; set; } = "/v1/webhooks/payments/simulator";

    /// <summary>How long a payment with the late-success test card stays in processing.</summary>
    public TimeSpan LateSuccessDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the simulator checks for due events.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
