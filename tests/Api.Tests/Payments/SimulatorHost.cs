using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Tests.Payments;

/// <summary>Only the payments module, on a real server that also receives the webhooks; it can be restarted with the same folder.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly string _folder = TestFolder.New("payments");
    private readonly string _master = $"k1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
    private WebApplication? _app;
    private int _failingDeliveries;

    public TimeSpan LateSuccessDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    public ShiftedClock Clock { get; } = new();

    /// <summary>Every verified delivery, including repeated ones.</summary>
    public ConcurrentQueue<PaymentEvent> Received { get; } = new();

    public ConcurrentQueue<WebhookRefusal> Refused { get; } = new();

    /// <summary>How many deliveries get an error response first.</summary>
    public int FailingDeliveries
    {
        get => _failingDeliveries;
        set => _failingDeliveries = value;
    }

    internal PaymentSimulator Simulator => _app!.Services.GetRequiredService<PaymentSimulator>();

    public IPaymentProvider Provider => _app!.Services.GetRequiredService<IPaymentProvider>();

    public async Task<SimulatorHost> StartAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Payments:Provider"] = "Simulator",
            ["Payments:Simulator:Folder"] = _folder,
            ["Payments:Simulator:PollInterval"] = "00:00:00.020",
            ["Payments:Simulator:LateSuccessDelay"] = LateSuccessDelay.ToString(),
            ["Payments:Simulator:WebhookUrl"] = "/hook",
        });
        builder.Services.Configure<KeyringOptions>(o => o.MasterKeys.Add(_master));
        builder.Services.AddSingleton<Keyring>();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddPayments(builder.Configuration);
        _app = builder.Build();
        _app.MapPost("/hook", ReceiveAsync);
        await _app.StartAsync();
        return this;
    }

    /// <summary>Stops this process; a new one has the same files, but nothing that was in memory.</summary>
    public async Task StopAsync()
    {
        // Disposing would not wait for the worker.
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async Task<PaymentEvent> WaitForAsync(PaymentEventKind kind, string providerId)
    {
        for (var i = 0; i < 500; i++)
        {
            if (Received.FirstOrDefault(e => e.Kind == kind && e.ProviderId == providerId) is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"No {kind} of {providerId} came within ten seconds; {Received.Count} others and {Refused.Count} refused ones did.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await StopAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    public static PaymentRequest Order(string reference, long amount = 4990, string currency = "EUR") => new()
    {
        OrderReference = reference,
        Amount = new Money(amount, currency),
        Description = "Prints of a wedding",
        CustomerEmail = "anna@example.com",
        Metadata = new Dictionary<string, string> { ["studio"] = "stu_1" },
    };

    private async Task ReceiveAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (Interlocked.Decrement(ref _failingDeliveries) >= 0)
        {
            http.Response.StatusCode = (int)HttpStatusCode.InternalServerError;
            return;
        }

        var webhook = Provider.ParseWebhook(http.Request.Headers, body.ToArray());
        if (webhook.Event is { } what)
        {
            Received.Enqueue(what);
        }
        else
        {
            Refused.Enqueue(webhook.Refusal);
        }
    }
}
