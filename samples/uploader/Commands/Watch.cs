using Proofsheet.Sdk;
using Proofsheet.Uploader.Display;

namespace Proofsheet.Uploader.Commands;

/// <summary>
/// Watches a folder and uploads new files. It polls instead of using file system events, which get lost on network drives and do not tell whether a
/// file is complete.
/// </summary>
internal static class Watch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellation)
    {
        var folder = line.RequireFolder();
        var arrivals = new Arrivals(TimeSpan.FromSeconds(line.Number("settle", 3, 1, 3600)));
        using var client = Account.Of(line).Client(line);
        var gallery = await Galleries.FindAsync(client, line, cancellation);
        var summary = new Summary(folder);
        Console.WriteLine($"Watching {Shown.Text(folder)} for {Shown.Text(gallery.Title)}. Ctrl-C ends it.");
        try
        {
            while (true)
            {
                var complete = arrivals.Look(Pictures.In(folder, line));
                if (complete.Count > 0)
                {
                    try
                    {
                        summary.Add(await Sending.SendAsync(client, gallery, folder, complete, line, cancellation));
                    }
                    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                    {
                        // A file was moved or changed in the meantime: look at the folder again.
                        Console.Error.WriteLine($"uploader: {Shown.Text(e.Message)}");
                        arrivals.Forget(complete);
                    }
                }

                await Task.Delay(Interval, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            summary.Write(Console.Out);
            return summary.ExitCode;
        }
    }
}

/// <summary>Finds new complete files: their length and time have not changed for a while, and no program has them open for writing.</summary>
internal sealed class Arrivals(TimeSpan settle)
{
    private readonly Dictionary<string, (long Length, DateTimeOffset? ModifiedAt, long Since)> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<(string Path, long Length, DateTimeOffset? ModifiedAt)> _taken = [];

    public List<UploadFile> Look(IEnumerable<UploadFile> files)
    {
        var complete = new List<UploadFile>();
        var now = Environment.TickCount64;
        foreach (var file in Existing(files))
        {
            if (_taken.Contains((file.Path, file.Length, file.ModifiedAt)))
            {
                continue;
            }

            if (!_seen.TryGetValue(file.Path, out var before) || before.Length != file.Length || before.ModifiedAt != file.ModifiedAt)
            {
                _seen[file.Path] = (file.Length, file.ModifiedAt, now);
            }
            else if (file.Length > 0 && now - before.Since >= settle.TotalMilliseconds && IsFree(file.Path))
            {
                _seen.Remove(file.Path);
                _taken.Add((file.Path, file.Length, file.ModifiedAt));
                complete.Add(file);
            }
        }

        return complete;
    }

    public void Forget(IEnumerable<UploadFile> files)
    {
        foreach (var file in files)
        {
            _taken.Remove((file.Path, file.Length, file.ModifiedAt));
        }
    }

    // Files and folders may disappear while the folder is enumerated; the next poll sees what is left.
    private static List<UploadFile> Existing(IEnumerable<UploadFile> files)
    {
        var there = new List<UploadFile>();
        try
        {
            there.AddRange(files);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            there.Clear();
        }

        return there;
    }

    // Where the system has file locks, a program that is still writing holds one.
    private static bool IsFree(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
