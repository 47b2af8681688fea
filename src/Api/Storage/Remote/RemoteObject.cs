namespace Proofsheet.Api.Storage.Remote;

/// <summary>What a store says of an object.</summary>
/// <param name="Version">The entity tag: another content never has the same.</param>
/// <param name="Writing">Which put made it; null when something else did.</param>
/// <param name="Mark">By which its content can be checked; null when there is none.</param>
internal sealed record RemoteObject(long Length, DateTimeOffset WrittenAt, string Version, string? Writing, ContentMark? Mark);

/// <summary>An open answer with an object's bytes, from the place that was asked for.</summary>
internal sealed record RemotePart(RemoteObject Object, Stream Content);

/// <summary>What a failed request means, whichever library says it.</summary>
internal enum StoreFault
{
    /// <summary>A mistake, such as a wrong credential: it is not tried again.</summary>
    Other,

    /// <summary>It may be over at the next attempt.</summary>
    Passing,

    Missing,

    /// <summary>The object is not the version that was asked for.</summary>
    Changed,

    BehindTheEnd,

    Full,
}

/// <summary>The store did not answer, or not in time, as often as it was asked.</summary>
public sealed class StoreUnavailableException(Exception inner) : IOException("The object store does not answer.", inner);

/// <summary>The store said that it keeps an object, and does not; or it gave other bytes than it was given.</summary>
public sealed class StoreUnreliableException(string message) : IOException(message);

/// <summary>An object was replaced or deleted in the middle of reading it, and the store no longer gives the older one.</summary>
public sealed class ObjectChangedException() : IOException("The object was replaced while it was read.");
