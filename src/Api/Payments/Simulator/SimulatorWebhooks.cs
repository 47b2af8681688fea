using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Payments.Simulator;

/// <summary>
/// Posts the simulator's events. It keeps no state of its own: what is due is read from the store, so a restart loses nothing.
/// Delivery is at least once; a crash between the response and recording it repeats the event with the same id.
/// </summary>
internal sealed class SimulatorWebhooks(
    SimulatorStore store,
    PaymentSimulator simulator,
    IHttpClientFactory clients,
    IServiceProvider services,
    IOptions<PaymentOptions> options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<SimulatorWebhooks> log) : BackgroundService
{
    public const string ClientName = "payments-simulator";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.SimulatorSettings.PollInterval, clock);
        do
        {
            foreach (var id in store.WaitingIds())
            {
                try
                {
                    await DeliverAsync(id, stoppingToken);
                }
                catch (PaymentException e) when (e.Code == PaymentErrors.UnknownPayment)
                {
                    await store.UnmarkAsync(id, stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    log.LogError(e, "The events of the simulated payment {Payment} could not be delivered", id);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task DeliverAsync(string id, CancellationToken cancellation)
    {
        while (await store.ChangeAsync(id, NextDue, cancellation) is { } due)
        {
            var delivered = await PostAsync(due.Event, cancellation);
            await store.ChangeAsync(id, payment => { payment.Attempted(due.Event.Id, delivered, clock.GetUtcNow()); return true; }, cancellation);
            if (!delivered)
            {
                return;
            }
        }

        await store.UnmarkAsync(id, cancellation);

        SimulatedEvent? NextDue(SimulatedPayment payment)
        {
            payment.Advance(clock.GetUtcNow());
            return payment.NextDue(clock.GetUtcNow());
        }
    }

    private async Task<bool> PostAsync(PaymentEvent what, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(what, Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, Target());
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Add(PaymentSimulator.SignatureHeader, simulator.SignWebhook(body));
        try
        {
            using var answer = await clients.CreateClient(ClientName).SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                log.LogWarning("The webhook for {Event} was answered with {Status}", what.Id, (int)answer.StatusCode);
            }

            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            log.LogWarning("The webhook for {Event} could not be delivered: {Reason}", what.Id, e.Message);
            return false;
        }
    }

    private Uri Target()
    {
        var configured = options.Value.SimulatorSettings.WebhookUrl;
        if (!configured.StartsWith('/'))
        {
            return new Uri(configured);
        }

        // Servers bind to "every address" in several spellings; from here it is this machine.
        var listens = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost";
        var own = BindingAddress.Parse(listens);
        var host = own.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : own.Host;
        return new Uri(new UriBuilder(own.Scheme, host, own.Port).Uri, configured);
    }

    // Background services start before the server listens, so its address is not known earlier.
    private async Task StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }
}
