using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Storage.Disk;

/// <summary>Objects as files in one folder. A file gets its final name only once it is complete and flushed to disk.</summary>
internal sealed class DiskStore(IOptions<StorageOptions> options, ILogger<DiskStore> log) : IObjectStore, IDisposable
{
    private const int CopyBufferBytes = 128 * 1024;
    private readonly DiskLayout _layout = new(Path.GetFullPath(options.Value.Disk.Root));
    private readonly ProcessFolder _own = new(DiskLayout.TemporaryOf(Path.GetFullPath(options.Value.Disk.Root)));

    /// <summary>Creates the folders, and deletes what killed processes left half written.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(_layout.Objects);
        Directory.CreateDirectory(_layout.Temporary);
        ProcessFolder.DeleteOfDead(_layout.Temporary);
    }

    public void Dispose() => _own.Dispose();

    public async Task<StoredObject> PutAsync(ObjectKey key, Stream content, long? maxBytes = null, CancellationToken cancellation = default)
    {
        var path = _layout.PathOf(key);
        var temporary = NewTemporary();
        try
        {
            await using var measured = new MeasuringStream(content, maxBytes);
            await using (var file = Create(temporary))
            {
                await measured.CopyToAsync(file, CopyBufferBytes, cancellation);
                await Task.Run(() => file.Flush(flushToDisk: true), cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
            await Task.Run(() => Place(temporary, path), CancellationToken.None);
            return measured.Measured(key);
        }
        catch (Exception e)
        {
            DeleteQuietly(temporary);
            if (e is IOException io && IsFull(io))
            {
                throw new StoreFullException(io);
            }

            throw;
        }
    }

    public Task<ObjectReader?> OpenAsync(ObjectKey key, long offset = 0, long? length = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(Open(_layout.PathOf(key), offset, length));
    }

    public Task<ObjectStat?> StatAsync(ObjectKey key, CancellationToken cancellation = default) =>
        Task.FromResult(Stat(key, _layout.PathOf(key)));

    public async Task<bool> CopyAsync(ObjectKey from, ObjectKey to, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (await Task.Run(() => Link(_layout.PathOf(from), _layout.PathOf(to)), CancellationToken.None) is { } linked)
        {
            return linked;
        }

        await using var source = await OpenAsync(from, cancellation: cancellation);
        return source is not null && await PutAsync(to, source.Content, cancellation: cancellation) is not null;
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = _layout.PathOf(key);
        return Task.Run(() => Delete(path), CancellationToken.None);
    }

    public async IAsyncEnumerable<ObjectStat> ListAsync(ObjectPrefix prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var path in FilesBeneath(_layout.FolderOf(prefix)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_layout.KeyOf(path) is { } key && prefix.Covers(key) && Stat(key, path) is { } stat)
            {
                yield return stat;
            }
        }

        await Task.CompletedTask;
    }

    public Task<LocalFile?> FetchAsync(ObjectKey key, CancellationToken cancellation = default)
    {
        var path = _layout.PathOf(key);
        return Task.FromResult(File.Exists(path) ? new LocalFile(path, isTemporary: false) : null);
    }

    private static ObjectReader? Open(string path, long offset, long? length)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 0,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        // The length of the open file, not of the path: the path may be replaced by a newer file at any moment.
        var whole = file.Length;
        if (offset > whole)
        {
            file.Dispose();
            throw new ObjectRangeException(whole);
        }

        file.Position = offset;
        var part = Math.Min(length ?? long.MaxValue, whole - offset);
        return new ObjectReader(new PartStream(file, part), whole, offset, part);
    }

    private static ObjectStat? Stat(ObjectKey key, string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new ObjectStat(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)) : null;
    }

    private static IEnumerable<string> FilesBeneath(string folder)
    {
        try
        {
            // Opens the folder now and walks it later; folders that vanish during the walk are skipped.
            return Directory.EnumerateFiles(folder, "*", new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.None,
                IgnoreInaccessible = false,
            });
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private FileStream Create(string temporary)
    {
        var how = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        try
        {
            return new FileStream(temporary, how);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
            return new FileStream(temporary, how);
        }
    }

    /// <summary>Null if the file system has no hard links.</summary>
    private bool? Link(string from, string to)
    {
        var temporary = NewTemporary();
        try
        {
            if (!HardLink.TryMake(from, temporary))
            {
                return null;
            }

            // Both names share one time, but the age of an object means that of the copy. System time is used, as for a written file.
            File.SetLastWriteTimeUtc(temporary, TimeProvider.System.GetUtcNow().UtcDateTime);
            Place(temporary, to);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (IsFull(e))
        {
            throw new StoreFullException(e);
        }
        finally
        {
            // It also still exists after a move onto another name of the same file, which the system treats as already done.
            DeleteQuietly(temporary);
        }
    }

    private string NewTemporary() => Path.Combine(_own.Path, RandomNumberGenerator.GetHexString(32, lowercase: true));

    // Delete removes empty folders, perhaps the one just created for this file; then it is created again.
    private void Place(string temporary, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(folder);
                File.Move(temporary, path, overwrite: true);
                break;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && attempt < 20 && File.Exists(temporary))
            {
            }
        }

        // All the way up, because a folder that existed may have just been created by a put that has not flushed it yet.
        DirectorySync.FlushUpTo(folder, Path.GetDirectoryName(_layout.Objects)!);
    }

    private void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        var folder = Path.GetDirectoryName(path)!;
        DirectorySync.FlushUpTo(folder, folder);
        try
        {
            while (folder.Length > _layout.Objects.Length && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
                folder = Path.GetDirectoryName(folder)!;
            }
        }
        catch (IOException)
        {
            // Another request put something into it, or deleted it, between the two calls.
        }
    }

    private void DeleteQuietly(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (IOException e)
        {
            log.LogWarning(e, "A half-written file stays until it is swept");
        }
    }

    // .NET puts the system's error number into HResult: ENOSPC 28 and EDQUOT 122 (Linux) or 69 (macOS); ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private static bool IsFull(IOException e) => OperatingSystem.IsWindows()
        ? e.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027)
        : e.HResult is 28 || e.HResult == (OperatingSystem.IsLinux() ? 122 : 69);
}
