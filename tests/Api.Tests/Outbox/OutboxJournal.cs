using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Outbox;

/// <summary>Publishes the tests' own events, and keeps what their handlers did, by test.</summary>
internal static class OutboxJournal
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Seen = new();

    public static Task<int> PublishAsync<TEvent>(this ApiHost host, StudioClient studio, params TEvent[] events)
        where TEvent : IOutboxEvent => host.InScopeAsync(studio.Id, services =>
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        foreach (var happened in events)
        {
            db.Publish(Id<Tenant>.Parse(studio.Id, null), happened, host.Clock.GetUtcNow());
        }

        return db.SaveChangesAsync();
    });

    public static Task Note(string test, string what)
    {
        Seen.GetOrAdd(test, _ => []).Enqueue(what);
        return Task.CompletedTask;
    }

    public static string[] Of(string test) => [.. Seen.GetOrAdd(test, _ => [])];
}
