using System.Diagnostics;

namespace Proofsheet.Sdk;

/// <summary>Adds up the progress of parallel uploads and reports it in order.</summary>
internal sealed class UploadMeter(IReadOnlyList<UploadFile> files, IProgress<UploadProgress>? progress)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);
    private readonly long[] _sent = new long[files.Count];
    private readonly long _totalBytes = files.Sum(f => f.Length);
    private readonly Queue<(TimeSpan At, long Bytes)> _moved = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly object _lock = new();
    private long _sentBytes;
    private long _movedBytes;
    private int _done;

    /// <summary>Records the bytes of a file that have arrived, and how many of them were just sent; resumed bytes do not count toward the speed.</summary>
    public void Report(int index, long bytes, UploadStage stage = UploadStage.Sending, long moved = 0)
    {
        lock (_lock)
        {
            var now = Math.Min(bytes, files[index].Length);
            _sentBytes += now - _sent[index];
            _sent[index] = now;
            _done += stage == UploadStage.Done ? 1 : 0;
            if (progress is null)
            {
                return;
            }

            progress.Report(new UploadProgress
            {
                FileName = files[index].Name,
                Index = index,
                FileSentBytes = now,
                FileTotalBytes = files[index].Length,
                SentBytes = _sentBytes,
                TotalBytes = _totalBytes,
                FilesDone = _done,
                FilesTotal = files.Count,
                BytesPerSecond = Rate(moved),
                Stage = stage,
            });
        }
    }

    private double? Rate(long moved)
    {
        var now = _clock.Elapsed;
        if (moved > 0)
        {
            _moved.Enqueue((now, moved));
            _movedBytes += moved;
        }

        while (_moved.Count > 0 && now - _moved.Peek().At > Window)
        {
            _movedBytes -= _moved.Dequeue().Bytes;
        }

        // Less than a second of data is not enough for an estimate.
        return _moved.Count > 0 && now - _moved.Peek().At is { TotalSeconds: >= 1 } time ? _movedBytes / time.TotalSeconds : null;
    }
}
