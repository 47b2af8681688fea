using System.Reflection;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Tests.Support;

/// <summary>The names of all events that an assembly declares.</summary>
internal static class OutboxEventNames
{
    public static IReadOnlyList<string> In(Assembly assembly) =>
    [
        .. assembly.GetTypes().Where(t => t is { IsInterface: false } && t.IsAssignableTo(typeof(IOutboxEvent)))
            .Select(t => (string)t.GetProperty(nameof(IOutboxEvent.EventName))!.GetValue(null)!),
    ];
}
