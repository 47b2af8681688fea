using System.Text.Json;
using Proofsheet.Shared.Database;

namespace Proofsheet.Shared.Outbox;

/// <summary>Which handlers listen to which event; filled at start by the modules' AddX.</summary>
internal sealed class OutboxHandlers(IEnumerable<OutboxHandler> handlers)
{
    private readonly ILookup<string, OutboxHandler> _byEvent = handlers.ToLookup(h => h.Event, StringComparer.Ordinal);

    public IReadOnlyList<OutboxHandler> Of(string eventName) => [.. _byEvent[eventName]];
}

internal sealed record OutboxHandler(string Event, string Name, Func<IServiceProvider, string, OutboxAttempt, CancellationToken, Task> RunAsync);

internal static class OutboxHandlerRegistration
{
    /// <summary>Registers a handler of an event.</summary>
    /// <param name="services">Where it is registered.</param>
    /// <param name="name">
    /// <c>module.what_it_does</c>. Stored with messages that wait for this handler, so it stays the same when the class is renamed or moved.
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
