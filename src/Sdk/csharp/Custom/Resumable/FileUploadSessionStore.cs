using System.Text;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>
/// In a folder, a small file for each unfinished upload, for their owner alone. Processes that share the folder do not send a file twice:
/// one waits for the other. What nobody came back to for 30 days is deleted.
/// </summary>
public sealed class FileUploadSessionStore : IUploadSessionStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    private readonly string _folder;

    /// <summary>A store in this folder, such as <c>~/.local/state/myplugin</c>.</summary>
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
        // One of 256, and never deleted: a lock file that comes and goes can be held twice. Two files that share one wait for each other.
        var path = Path.Combine(_folder, $"{fingerprint.Substring(0, 2)}.lock");
        while (true)
        {
            try
            {
                return OwnersFile.Open(path, FileMode.OpenOrCreate);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another holds it.
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
            // Never written, or by something else: the file begins again.
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
