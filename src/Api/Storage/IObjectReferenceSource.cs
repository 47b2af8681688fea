using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage;

/// <summary>
/// Implemented by a module that stores objects, to say which of them its rows need. Unneeded objects under its prefix are deleted
/// once they are old enough; objects under no module's prefix are never touched. Scoped: the tenant of the scope is the studio.
/// </summary>
internal interface IObjectReferenceSource
{
    /// <summary>The prefix of all objects of the module for a studio.</summary>
    ObjectPrefix PrefixOf(Id<Tenant> studio);

    /// <summary>Which of the objects are still needed, according to the rows at this moment.</summary>
    Task<IReadOnlySet<ObjectKey>> NeededAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation);

    /// <summary>Every object that must exist, for rows created since then, in an order that is stable while rows are added and deleted.</summary>
    /// <param name="studio">The studio.</param>
    /// <param name="since">Objects whose rows have no creation time are always returned.</param>
    /// <param name="after">Where an earlier run stopped: only later objects are returned. It may no longer exist itself.</param>
    /// <param name="cancellation">Cancels the enumeration.</param>
    IAsyncEnumerable<ObjectReference> ReferencesAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, CancellationToken cancellation);

    /// <summary>Other objects of the module that may have the same bytes as a lost one of any module. Read an object before you use it.</summary>
    Task<IReadOnlyList<ObjectKey>> TwinsAsync(Id<Tenant> studio, ObjectReference lost, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ObjectKey>>([]);

    /// <summary>Has a lost object of the module made again from what still exists, in the same way as originally. Repeating the request makes it once.</summary>
    Task<ObjectRepair> MakeAgainAsync(Id<Tenant> studio, ObjectReference lost, ObjectCheck check, CancellationToken cancellation) =>
        Task.FromResult(ObjectRepair.Impossible);
}

/// <summary>The result of a request to repair an object.</summary>
internal enum ObjectRepair
{
    /// <summary>There is nothing that it could be made from.</summary>
    Impossible,

    /// <summary>It exists again and was read.</summary>
    Repaired,

    /// <summary>Background work of the API will make a replacement.</summary>
    AskedFor,
}

/// <summary>An object as its row describes it.</summary>
/// <param name="Length">In bytes; null if the row does not say.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits; null if the row does not say.</param>
internal sealed record ObjectReference(ObjectKey Key, long? Length, string? Sha256);
