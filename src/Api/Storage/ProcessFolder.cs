using System.Security.Cryptography;

namespace Proofsheet.Api.Storage;

/// <summary>
/// A folder for one process's temporary files, below a folder that several processes share. A file next to it is locked as long as the process lives;
/// the operating system ends the lock however the process ends, so the next process can tell what is left of a dead one from what a living one is using.
/// </summary>
internal sealed class ProcessFolder(string root) : IDisposable
{
    private const string Prefix = "process-";
    private const string LockEnding = ".lock";
    private readonly Lock _opening = new();
    private FileStream? _lock;
    private string? _path;

    /// <summary>The folder, made when it is first needed.</summary>
    public string Path
    {
        get
        {
            lock (_opening)
            {
                return _path ??= Open();
            }
        }
    }

    /// <summary>Deletes the folders of processes that have ended. Returns how many there were.</summary>
    public static int DeleteOfDead(string root)
    {
        var deleted = 0;
        foreach (var folder in Directory.Exists(root) ? Directory.GetDirectories(root, $"{Prefix}*") : [])
        {
            try
            {
                // A folder without its lock is a leftover, too: the lock is made first and deleted last.
                using (new FileStream(folder + LockEnding, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
                {
                    Directory.Delete(folder, recursive: true);
                    deleted++;
                }

                File.Delete(folder + LockEnding);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its process is alive, or another one is deleting it.
            }
        }

        return deleted;
    }

    public void Dispose()
    {
        lock (_opening)
        {
            if (_path is null)
            {
                return;
            }

            try
            {
                Directory.Delete(_path, recursive: true);
                _lock?.Dispose();
                File.Delete(_path + LockEnding);
            }
            catch (IOException)
            {
                // A file is still in use; the next start deletes it.
                _lock?.Dispose();
            }

            _path = null;
        }
    }

    private string Open()
    {
        Directory.CreateDirectory(root);
        var path = System.IO.Path.Combine(root, Prefix + RandomNumberGenerator.GetHexString(16, lowercase: true));
        _lock = new FileStream(path + LockEnding, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        return Directory.CreateDirectory(path).FullName;
    }
}
