using System.Security.Cryptography;

namespace Proofsheet.Api.Storage.Remote;

/// <summary>Objects that were fetched to the local disk, for a single user.</summary>
internal static class TemporaryFiles
{
    /// <summary>Creates the folder, and deletes what killed processes left in it.</summary>
    public static void Prepare(string folder)
    {
        Make(folder);
        ProcessFolder.DeleteOfDead(folder);
    }

    public static async Task<LocalFile> KeepAsync(string folder, Stream content, CancellationToken cancellation)
    {
        await using var file = Open(folder, FileOptions.Asynchronous);
        try
        {
            await content.CopyToAsync(file, cancellation);
            return new LocalFile(file.Name, isTemporary: true);
        }
        catch
        {
            File.Delete(file.Name);
            throw;
        }
    }

    /// <summary>An empty file that is deleted when it is closed; other processes may read it until then.</summary>
    public static FileStream Create(string folder) => Open(folder, FileOptions.Asynchronous | FileOptions.DeleteOnClose);

    private static FileStream Open(string folder, FileOptions options)
    {
        Make(folder);
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, Options = options, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(folder, RandomNumberGenerator.GetHexString(32, lowercase: true)), how);
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
