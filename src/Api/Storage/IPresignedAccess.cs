namespace Proofsheet.Api.Storage;

/// <summary>
/// Lets clients without credentials of the store read or write one object there for a limited time. If the store does not support this,
/// the result is null, and the bytes go through this process. Anyone who has the URL can use it, so it is never logged or stored.
/// </summary>
public interface IPresignedAccess
{
    /// <summary>A URL that accepts GET only, with this type and disposition.</summary>
    Uri? PresignGet(ObjectKey key, TimeSpan lifetime, string contentType, string disposition);

    /// <summary>A URL that accepts one PUT of the whole object.</summary>
    /// <param name="key">The object; an existing one is replaced.</param>
    /// <param name="lifetime">How long the PUT may start.</param>
    /// <param name="length">The length of the body in bytes.</param>
    /// <param name="md5">The MD5 of the body: 16 bytes, or empty if unknown.</param>
    PresignedPut? PresignPut(ObjectKey key, TimeSpan lifetime, long length, ReadOnlySpan<byte> md5);
}

/// <summary>Where to send the body, and the headers that all have to be sent.</summary>
/// <param name="BindsContent">
/// True if the store refuses any other length and content. If false, the store may accept anything, so the issuer of the URL has to check what was stored.
/// </param>
public sealed record PresignedPut(Uri Address, IReadOnlyDictionary<string, string> Headers, bool BindsContent);
