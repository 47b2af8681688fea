namespace Proofsheet.Api.Storage.Remote;

/// <summary>What a store reports about an object.</summary>
/// <param name="Version">The entity tag, which differs for different content.</param>
/// <param name="Writing">The id of the put that wrote it; null if something else did.</param>
/// <param name="Mark">For checking the content; null if there is none.</param>
internal sealed record RemoteObject(long Length, DateTimeOffset WrittenAt, string Version, string? Writing, ContentMark? Mark);

/// <summary>An open response with an object's bytes, from the requested offset.</summary>
internal sealed record RemotePart(RemoteObject Object, Stream Content);

/// <summary>What a failed request means, independent of the client library.</summary>
internal enum StoreFault
{
    /// <summary>A permanent error, such as a wrong credential; not retried.</summary>
    Other,

    /// <summary>Possibly temporary; retried.</summary>
    Passing,

    Missing,

    /// <summary>The object is not the requested version.</summary>
    Changed,

    BehindTheEnd,

    Full,
}

/// <summary>The store did not respond, or not in time, in any of the attempts.</summary>
public sealed class StoreUnavailableException(Exception inner) : IOException("The object store does not answer.", inner);

/// <summary>The store claimed to keep an object but does not, or returned other bytes than it was given.</summary>
public sealed class StoreUnreliableException(string message) : IOException(message);

/// <summary>An object was replaced or deleted while it was read, and the store no longer returns the older one.</summary>
public sealed class ObjectChangedException() : IOException("The object was replaced while it was read.");
