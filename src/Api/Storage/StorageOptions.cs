using Proofsheet.Api.Storage.Azure;
using Proofsheet.Api.Storage.S3;

namespace Proofsheet.Api.Storage;

/// <summary>The section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The kind of store: <c>Disk</c>, <c>S3</c> or <c>Azure</c>.</summary>
    public string Provider { get; set; } = "Disk";

    public DiskStoreOptions Disk { get; set; } = new();

    public S3StoreOptions S3 { get; set; } = new();

    public AzureBlobStoreOptions Azure { get; set; } = new();

    /// <summary>
    /// Where objects from S3 and Azure are kept while they are processed as files. What a killed process left is
    /// deleted when the next one starts. The folder must not be shared with another installation.
    /// </summary>
    public string TemporaryFolder { get; set; } = Path.Combine(Path.GetTempPath(), "proofsheet-objects");

    /// <summary>
    /// Lets clients download whole files from the store itself, with a URL that is signed for a few minutes. The store's endpoint must be reachable by clients.
    /// </summary>
    public bool DirectDownloads { get; set; }

    /// <summary>
    /// Lets clients upload announced files to the store itself, with a URL that is signed for a few minutes. The file is inspected before it
    /// counts. The store's endpoint must be reachable by clients.
    /// </summary>
    public bool DirectUploads { get; set; }

    /// <summary>Where the objects are, for people to read and to tell stores apart.</summary>
    internal string Place => Provider switch
    {
        "S3" => $"the bucket {S3.Bucket} at {(S3.Endpoint.Length > 0 ? S3.Endpoint.TrimEnd('/') : "AWS")}",
        "Azure" => $"the container {Azure.Container} at {Azure.ServiceAddress.ToString().TrimEnd('/')}",
        _ => $"the folder {Path.TrimEndingDirectorySeparator(Path.GetFullPath(Disk.Root))}",
    };

    internal IEnumerable<string> Errors() => Provider switch
    {
        "Disk" when DirectDownloads => ["Storage:DirectDownloads is set, but the disk gives no addresses of its own; S3 and Azure do."],
        "Disk" when DirectUploads => ["Storage:DirectUploads is set, but the disk gives no addresses of its own; S3 and Azure do."],
        "Disk" => Disk.Errors(),
        "S3" => [.. S3.Errors(), .. FolderErrors()],
        "Azure" => [.. Azure.Errors(), .. FolderErrors()],
        _ => [$"Storage:Provider is '{Provider}'; it can be Disk, S3 or Azure."],
    };

    private IEnumerable<string> FolderErrors() => string.IsNullOrWhiteSpace(TemporaryFolder)
        ? ["Storage:TemporaryFolder is empty; it names a folder of this installation alone."]
        : [];
}

public sealed class DiskStoreOptions
{
    /// <summary>The folder of the objects, on one file system; relative to the working folder.</summary>
    public string Root { get; set; } = Path.Combine(".data", "storage");

    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Root))
        {
            yield return "Storage:Disk:Root is empty; it names the folder that keeps the objects.";
        }
        else if (Path.GetDirectoryName(Path.GetFullPath(Root)) is null)
        {
            yield return "Storage:Disk:Root is the root of a disk; give it a folder of its own.";
        }
    }
}
