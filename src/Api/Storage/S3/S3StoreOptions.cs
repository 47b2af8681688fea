using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage.S3;

/// <summary>The section <c>Storage:S3</c>.</summary>
public sealed class S3StoreOptions : RemoteStoreOptions
{
    private const string Section = "Storage:S3";

    /// <summary>The bucket, used by this installation only. It is not created automatically.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>For AWS, where the bucket is, such as <c>eu-central-1</c>. For other servers, the region that they expect in signatures.</summary>
    public string Region { get; set; } = "";

    /// <summary>The URL of a server other than AWS; empty for AWS.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>If both keys are empty, the credentials that AWS provides to the machine or container are used.</summary>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>Whether the bucket is in the path and not in the host name. By default it is, if an endpoint is set.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>Set to false for a server whose entity tags look like an MD5 but are not. AWS objects with such encryption are recognized.</summary>
    public bool ETagsAreMd5 { get; set; } = true;

    /// <summary>A copy that is too large for one request is made in parts of this size.</summary>
    internal long CopyPartBytes { get; set; } = 1L << 30;

    internal long MaxCopyBytes { get; set; } = 5L << 30;

    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Bucket))
        {
            yield return $"{Section}:Bucket is empty; it names the bucket that keeps the objects.";
        }

        if (Region.Length == 0 && Endpoint.Length == 0)
        {
            yield return $"{Section}:Region is empty; AWS needs it, and other servers need {Section}:Endpoint.";
        }

        if (Endpoint.Length > 0 && !IsAddress(Endpoint))
        {
            yield return $"{Section}:Endpoint is not an http or https address of a server, without user, query or fragment.";
        }

        if (AccessKey.Length > 0 != SecretKey.Length > 0)
        {
            yield return $"{Section}:AccessKey and {Section}:SecretKey: both are needed, or neither.";
        }

        foreach (var error in SharedErrors(Section))
        {
            yield return error;
        }
    }

    internal static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address is { UserInfo: "", Query: "", Fragment: "" };
}
