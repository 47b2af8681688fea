
namespace Proofsheet.Sdk;

/// <summary>The next file to send, with the upload that was just created for it, or its outcome when it does not have to be sent.</summary>
internal sealed record PlannedFile(int Index, string Fingerprint, string? Sha256, string? SectionId, CreatedUpload? Created);

/// <summary>
/// Runs ahead of the sending: hashes files and announces them in batches, so that a file the gallery already has costs one entry of a request.
/// The first batch is small, so that bytes flow soon.
/// </summary>
#pragma warning disable CA1001 // A semaphore whose wait handle is never used has nothing to dispose of.
internal sealed class UploadPlan(UploadRun run, IReadOnlyDictionary<string, string> sections, CancellationToken cancellationToken)
#pragma warning restore CA1001
{
    private const int MaxBatchFiles = 1000;
    private const long MaxBatchBytes = 1L << 30;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<PlannedFile> _ready = new();
    private long _batchBytes = 64L << 20;
    private int _nextIndex;
    private Task<List<PlannedFile>>? _ahead;

    /// <summary>Null after the last file.</summary>
    public async Task<PlannedFile?> NextAsync()
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (_ready.Count == 0 && (_ahead is not null || _nextIndex < run.Files.Count))
            {
                var batch = await (_ahead ?? BatchAsync()).ConfigureAwait(false);
                _ahead = null;
                batch.ForEach(_ready.Enqueue);
            }

            if (_ahead is null && _nextIndex < run.Files.Count && _ready.Count > 0)
            {
                _ahead = Task.Run(BatchAsync, cancellationToken);
            }

            return _ready.Count > 0 ? _ready.Dequeue() : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits for the batch that was started ahead, when no more files will be requested.</summary>
    public Task EndAsync() => _ahead?.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default) ?? Task.CompletedTask;

    private async Task<List<PlannedFile>> BatchAsync()
    {
        var batch = new List<PlannedFile>();
        for (long bytes = 0; _nextIndex < run.Files.Count && batch.Count < MaxBatchFiles && bytes < _batchBytes; _nextIndex++)
        {
            var file = run.Files[_nextIndex];
            bytes += file.Length;
            batch.Add(await ReadAsync(_nextIndex, file).ConfigureAwait(false));
        }

        _batchBytes = Math.Min(_batchBytes * 4, MaxBatchBytes);
        return await AnnounceAsync(batch).ConfigureAwait(false);
    }

    private async Task<PlannedFile> ReadAsync(int index, UploadFile file)
    {
        await run.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        var fingerprint = run.FingerprintOf(file);
        var session = await run.Options.Sessions.LoadAsync(fingerprint, cancellationToken).ConfigureAwait(false);
        var sha256 = session?.Sha256;
        if (session is null && run.Options.HashesFirst)
        {
            run.Meter.Report(index, 0, UploadStage.Reading);
            sha256 = await file.Sha256Async(cancellationToken).ConfigureAwait(false);
        }

        return new PlannedFile(index, fingerprint, sha256, file.Section is { } title ? sections[title] : run.Options.SectionId, null);
    }

    /// <summary>Announces the new files in one request. A file already begun, sent in parts or alone in its batch creates its own upload.</summary>
    private async Task<List<PlannedFile>> AnnounceAsync(List<PlannedFile> batch)
    {
        var places = new List<int>();
        for (var place = 0; place < batch.Count; place++)
        {
            var file = run.Files[batch[place].Index];
            // A batch names sections by title only.
            if (!run.GoesInParts(file) && (file.Section ?? run.Options.SectionId) == file.Section && await run.Options.Sessions.LoadAsync(batch[place].Fingerprint, cancellationToken).ConfigureAwait(false) is null)
            {
                places.Add(place);
            }
        }

        if (places.Count < 2)
        {
            return batch;
        }

        var announced = places.ConvertAll(p =>
        {
            var file = run.Files[batch[p].Index];
            return new UploadBatchFileRequest { Path = file.Name, Bytes = file.Length, Sha256 = batch[p].Sha256, Section = file.Section };
        });
        var created = await run.PatientlyAsync(() => run.Wire.AnnounceAsync(announced, cancellationToken), cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < places.Count; i++)
        {
            var planned = batch[places[i]];
            if (created[i].UploadId is { } uploadId)
            {
                var session = new UploadSession { Fingerprint = planned.Fingerprint, Path = run.Files[planned.Index].Path, Sha256 = planned.Sha256, UploadIds = [uploadId] };
                await run.Options.Sessions.SaveAsync(session, cancellationToken).ConfigureAwait(false);
            }

            // Other uploads have to end first; the file's own request can wait for that.
            batch[places[i]] = planned with { Created = created[i].End?.Problem?.Code == "too_many_uploads" ? null : created[i] };
        }

        return batch;
    }
}

internal static class UploadSections
{
    /// <summary>The IDs of the sections that the files name by title. Missing sections are created, in the order of the files.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(UploadRun run, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var wanted = run.Files.Select(f => f.Section).OfType<string>().Distinct().ToList();
        if (wanted.Count == 0)
        {
            return ids;
        }

        // A gallery holds up to 100: one page has them all.
        var page = await run.PatientlyAsync(() => run.Wire.Sections.ListAsync(run.Wire.GalleryId, limit: 200, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var section in page.Data)
        {
            ids[section.Title] = section.Id;
        }

        foreach (var title in wanted.Where(t => !ids.ContainsKey(t)))
        {
            var made = await run.PatientlyAsync(
                () => run.Wire.Sections.CreateAsync(run.Wire.GalleryId, new CreateSectionRequest { Title = title }, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            ids[title] = made.Id;
        }

        return ids;
    }
}
