using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage.S3;

/// <summary>The section <c>Storage:S3</c>.</summary>
public sealed class S3StoreOptions : RemoteStoreOptions
{
    private const string Section = "Storage:S3";

    /// <summary>The bucket, of this installation alone. It is not made.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Of AWS: where the bucket is, such as <c>eu-central-1</c>. Of other servers: what they want in signatures.</summary>
    public string Region { get; set; } = "";

    /// <summary>The address of a server other than AWS; empty for AWS.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Both keys empty: what the machine or container is given by AWS.</summary>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>The bucket in the path and not in the host's name; when not said, wherever an endpoint is named.</summary>
    public bool? PathStyle { get; set; }

    /// <summary>False for a server whose entity tags look like an MD5 and are none. AWS's own encrypted ones are known.</summary>
    public bool ETagsAreMd5 { get; set; } = true;

    /// <summary>A copy of more than one request may copy is made in parts of this size.</summary>
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
