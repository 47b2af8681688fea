using System.Text.Json;
using Proofsheet.Shared.Database;

namespace Proofsheet.Shared.Outbox;

/// <summary>The handlers of each event, as registered by the modules' AddX methods.</summary>
internal sealed class OutboxHandlers(IEnumerable<OutboxHandler> handlers)
{
    private readonly ILookup<string, OutboxHandler> _byEvent = handlers.ToLookup(h => h.Event, StringComparer.Ordinal);

    public IReadOnlyList<OutboxHandler> Of(string eventName) => [.. _byEvent[eventName]];
}

internal sealed record OutboxHandler(string Event, string Name, Func<IServiceProvider, string, OutboxAttempt, CancellationToken, Task> RunAsync);

internal static class OutboxHandlerRegistration
{
    /// <summary>Registers a handler of an event.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="name">
    /// In the form <c>module.what_it_does</c>. It is stored with waiting messages, so it must not change when the class is renamed or moved.
    /// </param>
    public static IServiceCollection AddOutboxHandler<TEvent, THandler>(this IServiceCollection services, string name)
        where TEvent : IOutboxEvent
        where THandler : class, IHandle<TEvent>
    {
        services.AddScoped<THandler>();
        return services.AddSingleton(new OutboxHandler(
            TEvent.EventName,
            name,
            (scope, payload, attempt, cancellation) => scope.GetRequiredService<THandler>().HandleAsync(
                JsonSerializer.Deserialize<TEvent>(payload, StoredJson.Options)!, attempt, cancellation)));
    }
}
