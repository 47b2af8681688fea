using System.Collections.Concurrent;

namespace Proofsheet.Sdk;

/// <summary>
/// Uploads photos to a gallery in pieces with a checksum each (tus 1.0.0). After a broken connection the upload continues at the offset that the
/// API reports; with a session store that outlives the process, so does a later run with the same files. Start it with <see cref="RunAsync"/>.
/// </summary>
#pragma warning disable CA1001 // A CancellationTokenSource whose wait handle is never used has nothing to dispose of.
public sealed class ResumableUpload
#pragma warning restore CA1001
{
    private readonly UploadRun _run;
    private readonly PauseGate _gate = new();
    private readonly CancellationTokenSource _canceled = new();
    private readonly ResumableUploadResult?[] _results;
    private readonly ConcurrentQueue<PlannedFile> _twins = new();
    private Task<IReadOnlyList<ResumableUploadResult>>? _running;

    internal ResumableUpload(HttpClient http, string galleryId, IReadOnlyList<UploadFile> files, ResumableUploadOptions options)
    {
        _run = new UploadRun(new TusClient(http, galleryId), files, options, _gate, new UploadMeter(files, options.Progress));
        _results = new ResumableUploadResult?[files.Count];
    }

    /// <summary>True while paused: nothing is sent until <see cref="Resume"/>.</summary>
    public bool IsPaused => _gate.IsClosed;

    /// <summary>The results so far, in the order of the files; null for a file that is not done.</summary>
    public IReadOnlyList<ResumableUploadResult?> Results => _results;

    /// <summary>
    /// Sends the files, several at a time. A file that is refused is reported in its result, temporary failures are retried, and a failure of the
    /// whole upload is thrown. After cancellation a later run can resume from what was sent.
    /// </summary>
    /// <returns>One result per file, in the order of the files.</returns>
    public Task<IReadOnlyList<ResumableUploadResult>> RunAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return _running = _running is null ? SendAsync(cancellationToken) : throw new InvalidOperationException("An upload runs only once. Create another one to run it again.");
        }
    }

    /// <summary>Interrupts the upload for as long as you like. An upload expires some time after its last byte; such files start over.</summary>
    public void Pause() => _gate.Close();

    /// <summary>Continues after <see cref="Pause"/>.</summary>
    public void Resume() => _gate.Open();

    /// <summary>Ends the upload and deletes incomplete files from the API. The run throws an <see cref="OperationCanceledException"/>.</summary>
    public async Task CancelAsync(CancellationToken cancellationToken = default)
    {
        _canceled.Cancel();
        try
        {
            await (_running ?? Task.FromResult<IReadOnlyList<ResumableUploadResult>>([])).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ProofsheetException)
        {
            // RunAsync reports it to its caller.
        }

        foreach (var fingerprint in _run.Files.Where((_, index) => _results[index] is null).Select(_run.FingerprintOf))
        {
            using (await _run.Options.Sessions.LockAsync(fingerprint, cancellationToken).ConfigureAwait(false))
            {
                await TerminateAsync(fingerprint, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task TerminateAsync(string fingerprint, CancellationToken cancellationToken)
    {
        if (await _run.Options.Sessions.LoadAsync(fingerprint, cancellationToken).ConfigureAwait(false) is not { } session)
        {
            return;
        }

        foreach (var uploadId in session.UploadIds)
        {
            try
            {
                await _run.Wire.TerminateAsync(uploadId, cancellationToken).ConfigureAwait(false);
            }
            catch (ProofsheetException)
            {
                // Already gone, or it will expire.
            }
        }

        await _run.Options.Sessions.RemoveAsync(fingerprint, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ResumableUploadResult>> SendAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _canceled.Token);
        var sections = await UploadSections.OfAsync(_run, stop.Token).ConfigureAwait(false);
        var plan = new UploadPlan(_run, sections, stop.Token);
        var workers = Enumerable.Range(0, Math.Max(1, Math.Min(_run.Options.Concurrency, _run.Files.Count))).Select(_ => Task.Run(() => WorkAsync(plan, stop), stop.Token)).ToList();
        try
        {
            await Task.WhenAll(workers).ConfigureAwait(false);
            while (_twins.TryDequeue(out var twin))
            {
                await SendAsync(twin, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !_canceled.IsCancellationRequested)
        {
            // One failure canceled the other workers: throw that one, not the cancellation.
            await (workers.Find(w => w.IsFaulted) ?? Task.CompletedTask).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await plan.EndAsync().ConfigureAwait(false);
        }

        return [.. _results.Select(r => r!)];
    }

    private async Task WorkAsync(UploadPlan plan, CancellationTokenSource stop)
    {
        try
        {
            while (await plan.NextAsync().ConfigureAwait(false) is { } planned)
            {
                if (planned.Created?.End is { Problem: null, PhotoId: null })
                {
                    // Another file here has the same bytes and its photo does not exist yet; ask again when that one is done.
                    _twins.Enqueue(planned with { Created = null });
                }
                else
                {
                    await SendAsync(planned, stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    private async Task SendAsync(PlannedFile planned, CancellationToken cancellationToken)
    {
        var end = planned.Created?.End ?? await new FileTransfer(_run, planned).RunAsync(cancellationToken).ConfigureAwait(false);
        var file = _run.Files[planned.Index];
        _results[planned.Index] = new ResumableUploadResult { File = file, Outcome = end.Outcome, PhotoId = end.PhotoId, Problem = end.Problem };
        _run.Meter.Report(planned.Index, file.Length, UploadStage.Done);
    }
}
