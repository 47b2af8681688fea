using System.Collections.Concurrent;

namespace Proofsheet.Sdk;

/// <summary>
/// Photographs on their way to a gallery, in pieces that are checked one by one (tus 1.0.0). After a broken connection it goes on where the API says
/// that it stands; with a store of sessions that outlives the process, so does another run with the same files. Begin it with <see cref="RunAsync"/>.
/// </summary>
#pragma warning disable CA1001 // Sources of cancellation whose handle nobody asks for hold nothing to dispose of.
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

    /// <summary>Nothing is sent until <see cref="Resume"/>.</summary>
    public bool IsPaused => _gate.IsClosed;

    /// <summary>How it ended for each file so far, null for those on their way; in the order of the files.</summary>
    public IReadOnlyList<ResumableUploadResult?> Results => _results;

    /// <summary>
    /// Sends the files, some at a time. A file that is refused is told in its result; failures that may pass are waited for; what ends the whole upload
    /// is thrown. Ending the token leaves what was sent for another run.
    /// </summary>
    /// <returns>One result for each file, in their order.</returns>
    public Task<IReadOnlyList<ResumableUploadResult>> RunAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return _running = _running is null ? SendAsync(cancellationToken) : throw new InvalidOperationException("It runs once; make another for another run.");
        }
    }

    /// <summary>Interrupts what is under way, for as long as you like (uploads end by themselves some time after their last byte; they begin again then).</summary>
    public void Pause() => _gate.Close();

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume() => _gate.Open();

    /// <summary>Ends it, and has the API forget what it got of files that are not whole. The run throws an <see cref="OperationCanceledException"/>.</summary>
    public async Task CancelAsync(CancellationToken cancellationToken = default)
    {
        _canceled.Cancel();
        try
        {
            await (_running ?? Task.FromResult<IReadOnlyList<ResumableUploadResult>>([])).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ProofsheetException)
        {
            // Told to whoever runs it.
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
                // Gone already, or it will end by itself.
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
            // The others were stopped because of one: that one's reason is the one to tell.
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
                    // The same bytes as another file here, whose photo is not there yet: when that one has ended it will be known.
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
