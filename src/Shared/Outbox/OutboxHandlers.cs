using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;

namespace Proofsheet.Shared.Outbox;

/// <summary>The events that this program knows and their handlers, as registered by the modules' AddX methods.</summary>
internal sealed partial class OutboxHandlers
{
    private readonly ILookup<string, OutboxHandler> _byEvent;
    private OutboxSql? _sql;

    public OutboxHandlers(IEnumerable<OutboxHandler> handlers, IEnumerable<OutboxEvent> events)
    {
        _byEvent = handlers.ToLookup(h => h.Event, StringComparer.Ordinal);
        Events = [.. _byEvent.Select(e => e.Key).Concat(events.Select(e => e.Name)).Distinct(StringComparer.Ordinal)];
        KnownRows = $"event IN ({Literals(Events)}) AND (handler IS NULL OR handler IN ({Literals(_byEvent.SelectMany(e => e).Select(h => h.Name))}))";
    }

    public IReadOnlyList<string> Events { get; }

    /// <summary>
    /// A condition in SQL on the rows whose event and handler this program knows. During a rolling update, rows that a newer version wrote wait for a
    /// process of that version.
    /// </summary>
    public string KnownRows { get; }

    /// <summary>The statements that claim messages; a program has one kind of database.</summary>
    public OutboxSql SqlFor(DbContext db) => _sql ??= OutboxSql.Of(db, this);

    public IReadOnlyList<OutboxHandler> Of(string eventName) => [.. _byEvent[eventName]];

    // A list must not be empty, and nothing equals NULL.
    private static string Literals(IEnumerable<string> names) => string.Join(", ", names.Select(Literal).DefaultIfEmpty("NULL"));

    private static string Literal(string name) => Name().IsMatch(name) ? $"'{name}'" : throw new InvalidOperationException($"'{name}' is not a name of an event or a handler.");

    [GeneratedRegex("^[a-z._-]+$")]
    private static partial Regex Name();
}

internal sealed record OutboxHandler(
    string Event, string Name, Func<IServiceProvider, string, OutboxAttempt, CancellationToken, Task> RunAsync, Func<IServiceProvider, string, Exception?, Task> GiveUpAsync);

/// <summary>An event that nothing handles.</summary>
internal sealed record OutboxEvent(string Name);

internal static class OutboxHandlerRegistration
{
    /// <summary>
    /// Registers a handler of an event. An event's second handler must not come in the same release as what depends on it: during a rolling update, a
    /// process of the previous version may handle the event without it.
    /// </summary>
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
            (scope, payload, attempt, cancellation) => Handler<TEvent, THandler>(scope).HandleAsync(Read<TEvent>(payload), attempt, cancellation),
            (scope, payload, error) => Handler<TEvent, THandler>(scope).GiveUpAsync(Read<TEvent>(payload), error)));
    }

    /// <summary>Registers an event that nothing handles yet. Its messages are done as soon as they are claimed.</summary>
    public static IServiceCollection AddOutboxEvent<TEvent>(this IServiceCollection services)
        where TEvent : IOutboxEvent => services.AddSingleton(new OutboxEvent(TEvent.EventName));

    private static IHandle<TEvent> Handler<TEvent, THandler>(IServiceProvider scope)
        where TEvent : IOutboxEvent
        where THandler : class, IHandle<TEvent> => scope.GetRequiredService<THandler>();

    private static TEvent Read<TEvent>(string payload) => JsonSerializer.Deserialize<TEvent>(payload, StoredJson.Options)!;
}
