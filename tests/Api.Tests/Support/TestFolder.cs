using System.Globalization;

namespace Proofsheet.Api.Tests.Support;

/// <summary>
/// Temporary folders. They are in memory if the machine has enough of it, except for tests of durability. All folders of one process are in one
/// folder, which the next run deletes if this process is killed before it can.
/// </summary>
internal static class TestFolder
{
    private const string Memory = "/dev/shm";
    private const string Prefix = "proofsheet-tests-";
    private const long EnoughBytes = 4L << 30;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly Lazy<string> Root = new(MakeRoot);

    // Open, and so locked, while this process lives: a folder whose lock can be taken has been abandoned.
    private static FileStream? s_lock;

    /// <summary>A new empty folder, in memory if there is enough. Its path is short enough for a Unix socket's name.</summary>
    public static string New(string name) => Make(Root.Value, name);

    /// <summary>A new empty folder on the real disk, for tests of what survives a crash or a full disk.</summary>
    public static string NewOnDisk(string name) => Directory.CreateTempSubdirectory($"proofsheet-{name}-").FullName;

    private static string Make(string root, string name)
    {
        var folder = Path.Combine(root, $"{name}-{Path.GetRandomFileName()[..8]}");
        return (OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, Owner)).FullName;
    }

    private static string MakeRoot()
    {
        var parent = HasEnoughMemory() ? Memory : Path.GetTempPath();
        DeleteAbandoned(parent);
        var root = Path.Combine(parent, $"{Prefix}{Environment.ProcessId}-{Path.GetRandomFileName()[..4]}");
        // The lock is created before the folder, so that no other run takes the folder for an abandoned one.
        s_lock = new FileStream(LockOf(root), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => TryDelete(root, s_lock);
        Directory.CreateDirectory(root);
        // Regardless of the umask: PostgreSQL refuses to run as root, and has to reach its own folder.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(root, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return root;
    }

    private static void DeleteAbandoned(string parent)
    {
        foreach (var folder in Directory.GetDirectories(parent, $"{Prefix}*"))
        {
            try
            {
                TryDelete(folder, new FileStream(LockOf(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its process is running, or it belongs to another user.
            }
        }
    }

    private static void TryDelete(string folder, FileStream held)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            File.Delete(LockOf(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A server that ends with this process still writes there; the next run deletes the rest.
        }

        held.Dispose();
    }

    private static string LockOf(string folder) => folder + ".lock";

    // Its free space is a limit, not memory that the machine actually has.
    private static bool HasEnoughMemory() =>
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > EnoughBytes && AvailableMemory() > EnoughBytes;

    private static long AvailableMemory()
    {
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
