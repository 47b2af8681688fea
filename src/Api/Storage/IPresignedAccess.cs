namespace Proofsheet.Api.Storage;

/// <summary>
/// Lets someone who has no credentials of the store read or write one object there for a while. Not every store can:
/// then the answer is null, and the bytes go through this process. Whoever has the address has the right, so it is never logged or kept.
/// </summary>
public interface IPresignedAccess
{
    /// <summary>An address that answers GET alone, with this type and disposition.</summary>
    Uri? PresignGet(ObjectKey key, TimeSpan lifetime, string contentType, string disposition);

    /// <summary>An address that takes one PUT of the whole object.</summary>
    /// <param name="key">The object; what is there is replaced.</param>
    /// <param name="lifetime">How long it may begin.</param>
    /// <param name="length">Bytes of the body.</param>
    /// <param name="md5">Of the body: 16 bytes, or none where nobody knows it.</param>
    PresignedPut? PresignPut(ObjectKey key, TimeSpan lifetime, long length, ReadOnlySpan<byte> md5);
}

/// <summary>Where a body is sent, and with which headers, every one of them.</summary>
/// <param name="BindsContent">
/// The store refuses any other length and content. Else it may take what comes: whoever gave the address out looks at what was stored.
/// </param>
public sealed record PresignedPut(Uri Address, IReadOnlyDictionary<string, string> Headers, bool BindsContent);
