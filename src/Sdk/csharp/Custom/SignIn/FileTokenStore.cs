#if NETSTANDARD2_0
using System.Runtime.InteropServices;
#endif
using System.Text;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>
/// Keeps tokens in a file that only its owner can read: mode 600, in a folder that is created with mode 700. On Windows the folder's permissions
/// apply, so choose one inside the user's profile. The file is replaced as a whole, and a lock file next to it makes processes take turns.
/// </summary>
public sealed class FileTokenStore : ITokenStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private readonly string _path;

    /// <summary>Creates a store in this file, such as <c>~/.config/myplugin/tokens.json</c>.</summary>
    public FileTokenStore(string path) => _path = Path.GetFullPath(path);

    /// <inheritdoc />
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        MakeFolder();
        while (true)
        {
            try
            {
                return OwnersFile.Open(_path + ".lock", FileMode.OpenOrCreate);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another process holds the lock.
            }

            await Task.Delay(Patience, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    /// <exception cref="InvalidDataException">The file was written by another version or another program.</exception>
    public Task<TokenSet?> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(JsonSerializer.Deserialize<TokenSet>(File.ReadAllText(_path)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<TokenSet?>(null);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_path} does not hold tokens that this version can read, and is left as it is. Move it away and sign in again.", e);
        }
    }

    /// <inheritdoc />
    public Task SaveAsync(TokenSet tokens, CancellationToken cancellationToken)
    {
        MakeFolder();
        var part = _path + ".part";
        File.Delete(part);
        using (var file = OwnersFile.Open(part, FileMode.CreateNew))
        {
            var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(tokens));
            file.Write(bytes, 0, bytes.Length);
        }

        if (File.Exists(_path))
        {
            File.Replace(part, _path, null);
        }
        else
        {
            File.Move(part, _path);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ClearAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Path.GetDirectoryName(_path)))
        {
            File.Delete(_path);
        }

        return Task.CompletedTask;
    }

    private void MakeFolder()
    {
        var folder = Path.GetDirectoryName(_path)!;
        if (!Directory.Exists(folder))
        {
            OwnersFile.MakeFolder(folder);
        }
    }
}

/// <summary>Files that only the owner can read; .NET Standard 2.0 has to call chmod for that.</summary>
internal static class OwnersFile
{
    public static FileStream Open(string path, FileMode mode)
    {
#if NETSTANDARD2_0
        var file = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        Restrict(path, 0x180);
        return file;
#else
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
#endif
    }

    public static void MakeFolder(string path)
    {
#if NETSTANDARD2_0
        Directory.CreateDirectory(path);
        Restrict(path, 0x1C0);
#else
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
#endif
    }

#if NETSTANDARD2_0
    // Called before anything is written. 0x180 is mode 600, 0x1C0 is mode 700.
    private static void Restrict(string path, uint mode)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && Chmod(path, mode) != 0)
        {
            throw new IOException($"The rights of {path} could not be set.");
        }
    }

    [DllImport("libc", EntryPoint = "chmod", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Chmod([MarshalAs(UnmanagedType.LPStr)] string path, uint mode);
#endif
}
