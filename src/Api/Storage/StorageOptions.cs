namespace Proofsheet.Api.Storage;

/// <summary>The section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The kind of store; <c>Disk</c> so far.</summary>
    public string Provider { get; set; } = "Disk";

    public DiskStoreOptions Disk { get; set; } = new();

    internal IEnumerable<string> Errors()
    {
        if (Provider != "Disk")
        {
            yield return $"Storage:Provider is '{Provider}'; it can be Disk.";
        }

        if (string.IsNullOrWhiteSpace(Disk.Root))
        {
            yield return "Storage:Disk:Root is empty; it names the folder that keeps the objects.";
        }
        else if (Path.GetDirectoryName(Path.GetFullPath(Disk.Root)) is null)
        {
            yield return "Storage:Disk:Root is the root of a disk; give it a folder of its own.";
        }
    }
}

public sealed class DiskStoreOptions
{
    /// <summary>The folder that keeps the objects, on one file system; relative to the working folder.</summary>
    public string Root { get; set; } = Path.Combine(".data", "storage");
}
