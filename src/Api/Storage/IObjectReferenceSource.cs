using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage;

/// <summary>
/// A module that keeps objects says which of them its rows need. What lies beneath its prefix and is not needed is collected
/// when it is old enough; what no module has a prefix for is never touched. Scoped: the tenant of its scope is the studio.
/// </summary>
internal interface IObjectReferenceSource
{
    /// <summary>Beneath which all of the module's objects of a studio are.</summary>
    ObjectPrefix PrefixOf(Id<Tenant> studio);

    /// <summary>Those of the objects that are still needed, by the rows as they are at this moment.</summary>
    Task<IReadOnlySet<ObjectKey>> NeededAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation);

    /// <summary>Every object that must be there, of rows made since then, in an order that stays while rows come and go.</summary>
    /// <param name="studio">Whose.</param>
    /// <param name="since">Objects whose rows do not say since when they are there are named in any case.</param>
    /// <param name="after">Where someone left off: what comes behind it. It need not be named any more.</param>
    /// <param name="cancellation">Ends the naming.</param>
    IAsyncEnumerable<ObjectReference> ReferencesAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, CancellationToken cancellation);

    /// <summary>Other objects of the module that may hold the bytes of one that was lost, in whichever module. Whoever takes one reads it first.</summary>
    Task<IReadOnlyList<ObjectKey>> TwinsAsync(Id<Tenant> studio, ObjectReference lost, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ObjectKey>>([]);

    /// <summary>Has a lost object of the module made again of what is there, the way it was made at first; asked twice, it is made once.</summary>
    Task<ObjectRepair> MakeAgainAsync(Id<Tenant> studio, ObjectReference lost, ObjectCheck check, CancellationToken cancellation) =>
        Task.FromResult(ObjectRepair.Impossible);
}

/// <summary>What came of the wish to repair an object.</summary>
internal enum ObjectRepair
{
    /// <summary>Nothing is there that it could be made of.</summary>
    Impossible,

    /// <summary>It is there again and was read.</summary>
    Repaired,

    /// <summary>Background work of the API makes what takes its place.</summary>
    AskedFor,
}

/// <summary>An object as its row has it.</summary>
/// <param name="Length">Bytes; null where the row does not say.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits; null where the row does not say.</param>
internal sealed record ObjectReference(ObjectKey Key, long? Length, string? Sha256);
