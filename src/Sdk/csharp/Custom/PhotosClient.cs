using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>What no generator writes well: uploads with progress, and waiting for the pictures.</summary>
public partial class PhotosClient
{
    /// <summary>Uploads photographs from the disk; see <see cref="UploadAsync(string, IEnumerable{UploadFile}, IProgress{UploadProgress}?, string?, int, CancellationToken)"/>.</summary>
    public Task<IReadOnlyList<PhotoUploadResult>> UploadAsync(
        string galleryId, IEnumerable<string> paths, IProgress<UploadProgress>? progress = null, string? sectionId = null, int concurrency = 3, CancellationToken cancellationToken = default) =>
        UploadAsync(galleryId, paths.Select(UploadFile.FromPath), progress, sectionId, concurrency, cancellationToken);

    /// <summary>
    /// Uploads photographs to a gallery, each streamed in a request of its own, some at a time. A file that is refused (not
    /// a picture, too large) is told in its result; a lost connection is tried again, which is safe: a file that did arrive
    /// is a duplicate then. What ends the whole upload is thrown.
    /// </summary>
    /// <returns>One result for each file, in their order.</returns>
    public async Task<IReadOnlyList<PhotoUploadResult>> UploadAsync(
        string galleryId, IEnumerable<UploadFile> files, IProgress<UploadProgress>? progress = null, string? sectionId = null, int concurrency = 3, CancellationToken cancellationToken = default)
    {
        var all = (files ?? throw new ArgumentNullException(nameof(files))).ToList();
        var results = new PhotoUploadResult[all.Count];
        var meter = new UploadMeter(all, progress);
        var section = sectionId is null ? "" : $"?sectionId={Uri.EscapeDataString(sectionId)}";
        var address = $"v1/galleries/{Uri.EscapeDataString(galleryId ?? throw new ArgumentNullException(nameof(galleryId)))}/photos{section}";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var next = -1;

        async Task WorkAsync()
        {
            int index;
            while ((index = Interlocked.Increment(ref next)) < all.Count)
            {
                try
                {
                    long before = 0;
                    void Sent(long bytes)
                    {
                        meter.Report(index, bytes, moved: Math.Max(0, bytes - before));
                        before = bytes;
                    }

                    results[index] = await SendAsync(address, all[index], Sent, stop.Token).ConfigureAwait(false);
                    meter.Report(index, all[index].Length, UploadStage.Done);
                }
                catch
                {
                    stop.Cancel();
                    throw;
                }
            }
        }

        var workers = Enumerable.Range(0, Math.Max(1, Math.Min(concurrency, all.Count))).Select(_ => WorkAsync()).ToList();
        try
        {
            await Task.WhenAll(workers).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The others were stopped because of one: that one's reason is the one to tell.
            await (workers.Find(w => w.IsFaulted) ?? Task.CompletedTask).ConfigureAwait(false);
            throw;
        }

        return results;
    }

    /// <summary>
    /// Uploads photographs so that a broken connection, a pause or the end of this process costs at most one piece of a file: for large
    /// folders and bad networks. Nothing is sent before <see cref="ResumableUpload.RunAsync"/>.
    /// </summary>
    public ResumableUpload Resumable(string galleryId, IEnumerable<UploadFile> files, ResumableUploadOptions? options = null) =>
        new(_httpClient, galleryId ?? throw new ArgumentNullException(nameof(galleryId)), [.. files ?? throw new ArgumentNullException(nameof(files))], options ?? new());

    /// <summary>Waits until no photo of the gallery is on its way any more: each is ready, or failed with its reason.</summary>
    public async Task<GalleryProgress> WaitUntilReadyAsync(
        string galleryId, IProgress<GalleryProgress>? progress = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var now = await GetGalleryProgressAsync(galleryId, cancellationToken: cancellationToken).ConfigureAwait(false);
            progress?.Report(now);
            if (now.UploadingCount + now.ProcessingCount == 0)
            {
                return now;
            }

            await Task.Delay(interval ?? TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PhotoUploadResult> SendAsync(string address, UploadFile file, Action<long> sent, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new UploadContent(file, sent) };
        try
        {
            using var answer = await _httpClient.SendAsync(request, cancellationToken).ConfigureAwait(false);
            using var body = await answer.Content.ReadStreamAsync(cancellationToken).ConfigureAwait(false);
            var upload = await JsonSerializer.DeserializeAsync<PhotoUpload>(body, JsonSerializerSettings, cancellationToken).ConfigureAwait(false);
            return upload!.Results[0];
        }
        catch (ProofsheetException refusal) when ((int?)refusal.Status is 413 or 415 or 422)
        {
            // About the file itself, as opposed to the gallery, the key or the server.
            return new PhotoUploadResult
            {
                FileName = file.Name,
                Outcome = UploadOutcome.Refused,
                Photo = null,
                Problem = new PhotoFailure { Code = refusal.Code, Detail = refusal.Message },
            };
        }
    }
}
