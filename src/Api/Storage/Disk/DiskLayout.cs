using System.Security.Cryptography;
using System.Text;

namespace Proofsheet.Api.Storage.Disk;

/// <summary>
/// Where a key is stored: <c>objects/{owner}/{ab}/{cd}/{rest}@</c>. The two levels come from a hash of up to three leading
/// segments, so that no folder grows too large, the files of one photo stay together, and an owner's objects can be listed
/// without walking those of all owners. A key cannot contain @, so <c>a/b</c> and <c>a/b/c</c> may both exist.
/// </summary>
internal sealed class DiskLayout(string root)
{
    private const char Mark = '@';
    private const int GroupSegments = 3;

    public string Objects { get; } = Path.Combine(root, "objects");

    public string Temporary { get; } = TemporaryOf(root);

    public static string TemporaryOf(string root) => Path.Combine(root, "temporary");

    public string PathOf(ObjectKey key)
    {
        var segments = key.Value.Split('/');
        return Path.Combine([Folder(segments.AsSpan(..^1)), .. segments[1..^1], segments[^1] + Mark]);
    }

    /// <summary>The folder to walk for a prefix; it may contain more than the prefix covers, or not exist.</summary>
    public string FolderOf(ObjectPrefix prefix)
    {
        var segments = prefix.Value.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length switch
        {
            0 => Objects,
            < GroupSegments => Path.Combine(Objects, segments[0]),
            _ => Path.Combine([Folder(segments), .. segments[1..]]),
        };
    }

    /// <summary>The key of a file under <see cref="Objects"/>; null for a file that is not one of ours.</summary>
    public ObjectKey? KeyOf(string path)
    {
        var parts = Path.GetRelativePath(Objects, path).Split(Path.DirectorySeparatorChar);
        if (parts.Length < 4 || parts[^1][^1] != Mark)
        {
            return null;
        }

        parts[^1] = parts[^1][..^1];
        return ObjectKey.TryParse(string.Join('/', [parts[0], .. parts[3..]]), out var key) ? key : null;
    }

    private string Folder(ReadOnlySpan<string> directory)
    {
        var group = string.Join('/', directory[..Math.Min(GroupSegments, directory.Length)]!);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(group)).AsSpan(0, 2));
        return Path.Combine(Objects, directory[0], hash[..2], hash[2..]);
    }
}
