using Proofsheet.Api.Kernel;

namespace Proofsheet.Api.Storage;

/// <summary>
/// A room that keeps objects says which of them its rows need. What lies beneath its prefix and is not needed is collected
/// when it is old enough; what no room has a prefix for is never touched. Scoped: the tenant of its scope is the studio.
/// </summary>
internal interface INamesObjects
{
    /// <summary>Beneath which all of the room's objects of a studio are.</summary>
    ObjectPrefix PrefixOf(Id<Tenant> studio);

    /// <summary>Those of the objects that are still needed, by the rows as they are at this moment.</summary>
    Task<IReadOnlySet<ObjectKey>> NeededAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation);

    /// <summary>Every object that must be there, of rows made since then, in an order that stays while rows come and go.</summary>
    /// <param name="studio">Whose.</param>
    /// <param name="since">Objects whose rows do not say since when they are there are named in any case.</param>
    /// <param name="after">Where somebody left off: what comes behind it. It need not be named any more.</param>
    /// <param name="cancellation">Ends the naming.</param>
    IAsyncEnumerable<NamedObject> NamedAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, CancellationToken cancellation);
}

/// <summary>An object as its row has it.</summary>
/// <param name="Length">Bytes; null where the row does not say.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits; null where the row does not say.</param>
internal sealed record NamedObject(ObjectKey Key, long? Length, string? Sha256);
