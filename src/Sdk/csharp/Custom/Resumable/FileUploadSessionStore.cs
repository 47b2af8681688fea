using System.Text;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>
/// Keeps a small file for each unfinished upload in a folder, readable by its owner only. Processes that share the folder do not send the same
/// file twice: one waits for the other. Sessions that were not updated for 30 days are deleted.
/// </summary>
public sealed class FileUploadSessionStore : IUploadSessionStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    private readonly string _folder;

    /// <summary>Creates a store in this folder, such as <c>~/.local/state/myplugin</c>.</summary>
    public FileUploadSessionStore(string folder)
    {
        _folder = Path.GetFullPath(folder);
        if (!Directory.Exists(_folder))
        {
            OwnersFile.MakeFolder(_folder);
        }

        foreach (var old in new DirectoryInfo(_folder).EnumerateFiles("*.json").Where(f => DateTime.UtcNow - f.LastWriteTimeUtc > Lifetime))
        {
            old.Delete();
        }
    }

    /// <inheritdoc />
    public async Task<IDisposable> LockAsync(string fingerprint, CancellationToken cancellationToken)
    {
        // One of 256 lock files, which are never deleted: a lock file that is deleted can be held twice. Uploads that share one wait for each other.
        var path = Path.Combine(_folder, $"{fingerprint.Substring(0, 2)}.lock");
        while (true)
        {
            try
            {
                return OwnersFile.Open(path, FileMode.OpenOrCreate);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another process holds the lock.
            }

            await Task.Delay(Patience, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public Task<UploadSession?> LoadAsync(string fingerprint, CancellationToken cancellationToken)
    {
        try
        {
            var session = JsonSerializer.Deserialize<UploadSession>(File.ReadAllText(PathOf(fingerprint)));
            return Task.FromResult(session?.Fingerprint == fingerprint && session.UploadIds is { Count: > 0 } ? session : null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // Missing or unreadable: the file starts over.
            return Task.FromResult<UploadSession?>(null);
        }
    }

    /// <inheritdoc />
    public Task SaveAsync(UploadSession session, CancellationToken cancellationToken)
    {
        var path = PathOf(session.Fingerprint);
        var part = $"{path}.{Guid.NewGuid():N}.part";
        using (var file = OwnersFile.Open(part, FileMode.CreateNew))
        {
            var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(session));
            file.Write(bytes, 0, bytes.Length);
        }

        if (File.Exists(path))
        {
            File.Replace(part, path, null);
        }
        else
        {
            File.Move(part, path);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task RemoveAsync(string fingerprint, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(fingerprint));
        return Task.CompletedTask;
    }

    private string PathOf(string fingerprint) => Path.Combine(_folder, $"{fingerprint}.json");
}
