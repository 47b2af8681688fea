namespace Proofsheet.Sdk;

/// <summary>Transfers one file: resumes or creates its session, sends it whole or in parts, and gets its outcome.</summary>
internal sealed class FileTransfer(UploadRun run, PlannedFile planned)
{
    private const int MaxBeginnings = 4;
    private static readonly TimeSpan FinishingPoll = TimeSpan.FromMilliseconds(500);
    private readonly UploadFile _file = run.Files[planned.Index];
    private bool _goesDirectly = planned.Created?.GoesDirectly ?? false;

    public async Task<UploadEnd> RunAsync(CancellationToken cancellationToken)
    {
        var sessions = run.Options.Sessions;
        using var turn = await sessions.LockAsync(planned.Fingerprint, cancellationToken).ConfigureAwait(false);
        for (var begun = 1; ; begun++)
        {
            var session = await sessions.LoadAsync(planned.Fingerprint, cancellationToken).ConfigureAwait(false);
            var isNew = session is null || session.UploadIds[0] == planned.Created?.UploadId;
            if (session is null)
            {
                (session, var end) = await BeginAsync(cancellationToken).ConfigureAwait(false);
                if (end is not null)
                {
                    return end;
                }

                await sessions.SaveAsync(session!, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                var end = session!.UploadIds.Count == 1
                    ? await WholeAsync(session.UploadIds[0], isNew, cancellationToken).ConfigureAwait(false)
                    : await InPartsAsync(session, isNew, cancellationToken).ConfigureAwait(false);
                await sessions.RemoveAsync(planned.Fingerprint, CancellationToken.None).ConfigureAwait(false);
                return end;
            }
            catch (UploadGoneException gone)
            {
                // The upload expired or was removed, so the session is useless.
                await sessions.RemoveAsync(planned.Fingerprint, CancellationToken.None).ConfigureAwait(false);
                if (begun == MaxBeginnings)
                {
                    throw new ProofsheetConnectionException(gone);
                }
            }
        }
    }

    private async Task<(UploadSession? Session, UploadEnd? End)> BeginAsync(CancellationToken cancellationToken)
    {
        var session = new UploadSession { Fingerprint = planned.Fingerprint, Path = _file.Path, Sha256 = planned.Sha256, UploadIds = [] };
        var inParts = run.GoesInParts(_file);
        try
        {
            if (!inParts || planned.Sha256 is not null)
            {
                var created = await CreateAsync(_file.Length, null, Metadata(), cancellationToken).ConfigureAwait(false);
                if (created.UploadId is not { } uploadId || !inParts)
                {
                    _goesDirectly = created.GoesDirectly;
                    return (session with { UploadIds = created.UploadId is { } id ? [id] : [] }, created.End);
                }

                // This upload only asked whether the gallery has the file. It has to be sent, so parts replace it.
                await run.Wire.TerminateAsync(uploadId, cancellationToken).ConfigureAwait(false);
            }

            var parts = new List<string>();
            foreach (var (_, length) in Ranges(run.Options.Parts))
            {
                parts.Add((await CreateAsync(length, "partial", new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false)).UploadId!);
            }

            return (session with { UploadIds = parts }, null);
        }
        catch (ProofsheetException failure) when (RetryPolicy.IsRefusal(failure))
        {
            return (null, UploadEnd.Refused(failure.Code, failure.Message));
        }
    }

    private async Task<UploadEnd> WholeAsync(string uploadId, bool isNew, CancellationToken cancellationToken)
    {
        var goesDirectly = isNew && _goesDirectly && run.Options.SendsDirectly;
        if (goesDirectly && await new DirectSending(run, _file, uploadId) { Moved = Moved }.SendAsync(cancellationToken).ConfigureAwait(false) is { } end)
        {
            return end;
        }

        // Ask the API even if the store failed: its request may have succeeded and only the response been lost.
        return (await Strand(uploadId, 0, _file.Length, Moved).SendAsync(isPart: false, isNew && !goesDirectly ? 0 : null, cancellationToken).ConfigureAwait(false))!;
    }

    private async Task<UploadEnd> InPartsAsync(UploadSession session, bool isNew, CancellationToken cancellationToken)
    {
        if (session.JoinedId is null)
        {
            if (await PartsAsync(session.UploadIds, isNew, cancellationToken).ConfigureAwait(false) is { } refused)
            {
                return refused;
            }

            try
            {
                var final = $"final;{string.Join(" ", session.UploadIds.Select(id => $"/{TusClient.AddressOf(id)}"))}";
                // Joining is idempotent: for the same parts the API returns the same upload.
                var joined = await CreateAsync(null, final, Metadata(), cancellationToken).ConfigureAwait(false);
                if (joined.End is not null)
                {
                    return joined.End;
                }

                session = session with { JoinedId = joined.UploadId };
                await run.Options.Sessions.SaveAsync(session, cancellationToken).ConfigureAwait(false);
            }
            catch (ProofsheetException failure) when (RetryPolicy.IsRefusal(failure))
            {
                return UploadEnd.Refused(failure.Code, failure.Message);
            }
            catch (ProofsheetException failure) when (failure.Code == "upload_concat_conflict" || (int?)failure.Status is 404 or 410)
            {
                throw new UploadGoneException();
            }
        }

        while (true)
        {
            try
            {
                if (await run.PatientlyAsync(() => run.Wire.EndOfAsync(session.JoinedId!, cancellationToken), cancellationToken, Waiting).ConfigureAwait(false) is { } end)
                {
                    return end;
                }
            }
            catch (ProofsheetException failure) when ((int?)failure.Status is 404 or 410)
            {
                throw new UploadGoneException();
            }

            await Task.Delay(FinishingPoll, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends the parts in parallel; null when all of them have arrived.</summary>
    private async Task<UploadEnd?> PartsAsync(IReadOnlyList<string> uploadIds, bool isNew, CancellationToken cancellationToken)
    {
        var at = new long[uploadIds.Count];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = Ranges(uploadIds.Count).Select((range, part) => Task.Run(async () =>
        {
            try
            {
                return await Strand(uploadIds[part], range.Start, range.Length, (bytes, stage, moved) =>
                {
                    Volatile.Write(ref at[part], bytes);
                    Moved(at.Sum(), stage, moved);
                }).SendAsync(isPart: true, isNew ? 0 : null, stop.Token).ConfigureAwait(false);
            }
            catch
            {
                stop.Cancel();
                throw;
            }
        }, cancellationToken)).ToList();
        try
        {
            return (await Task.WhenAll(sending).ConfigureAwait(false)).FirstOrDefault(end => end is not null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await (sending.Find(s => s.IsFaulted) ?? Task.FromResult<UploadEnd?>(null)).ConfigureAwait(false);
            throw;
        }
    }

    private Task<CreatedUpload> CreateAsync(long? length, string? concat, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken) =>
        run.PatientlyAsync(() => run.Wire.CreateAsync(length, concat, metadata, cancellationToken), cancellationToken, Waiting);

    private RangeUploader Strand(string uploadId, long start, long length, Action<long, UploadStage, long> moved) =>
        new(run.Wire, run.Options, run.Gate, _file, uploadId, start, length) { Moved = moved };

    private void Moved(long bytes, UploadStage stage, long moved) => run.Meter.Report(planned.Index, bytes, stage, moved);

    private void Waiting() => run.Meter.Report(planned.Index, 0, UploadStage.Waiting);

    private Dictionary<string, string> Metadata()
    {
        var metadata = new Dictionary<string, string> { ["filename"] = _file.Name };
        if (planned.Sha256 is { } sha256)
        {
            metadata["sha256"] = sha256;
        }

        if (planned.SectionId is { } sectionId)
        {
            metadata["sectionId"] = sectionId;
        }

        return metadata;
    }

    private IEnumerable<(long Start, long Length)> Ranges(int parts)
    {
        for (var part = 0; part < parts; part++)
        {
            var start = _file.Length * part / parts;
            yield return (start, (_file.Length * (part + 1) / parts) - start);
        }
    }
}
