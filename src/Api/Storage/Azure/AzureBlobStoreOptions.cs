using Proofsheet.Api.Storage.Remote;
using Proofsheet.Api.Storage.S3;

namespace Proofsheet.Api.Storage.Azure;

/// <summary>The section <c>Storage:Azure</c>.</summary>
public sealed class AzureBlobStoreOptions : RemoteStoreOptions
{
    private const string Section = "Storage:Azure";

    /// <summary>The container, used by this installation only. It is not created automatically.</summary>
    public string Container { get; set; } = "";

    /// <summary>The storage account's name.</summary>
    public string AccountName { get; set; } = "";

    /// <summary>One of the account's two keys, in Base64.</summary>
    public string AccountKey { get; set; } = "";

    /// <summary>The URL of the blob service; if empty, <c>https://{AccountName}.blob.core.windows.net</c>.</summary>
    public string Endpoint { get; set; } = "";

    internal Uri ServiceAddress => new(Endpoint.Length > 0 ? Endpoint : $"https://{AccountName}.blob.core.windows.net");

    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Container))
        {
            yield return $"{Section}:Container is empty; it names the container that keeps the objects.";
        }

        if (AccountName.Length is < 3 or > 24 || !AccountName.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
        {
            yield return $"{Section}:AccountName is not the name of a storage account: 3 to 24 lower-case letters and digits.";
        }

        if (AccountKey.Length == 0 || !Convert.TryFromBase64String(AccountKey, new byte[AccountKey.Length], out _))
        {
            yield return $"{Section}:AccountKey is not a key of a storage account, in base64.";
        }

        if (Endpoint.Length > 0 && !S3StoreOptions.IsAddress(Endpoint))
        {
            yield return $"{Section}:Endpoint is not an http or https address of a server, without user, query or fragment.";
        }

        foreach (var error in SharedErrors(Section))
        {
            yield return error;
        }
    }
}
