using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>Handwritten additions to the generated client: uploads with progress, and waiting for processing.</summary>
public partial class PhotosClient
{
    /// <summary>Uploads photos from disk; see <see cref="UploadAsync(string, IEnumerable{UploadFile}, IProgress{UploadProgress}?, string?, int, CancellationToken)"/>.</summary>
    public Task<IReadOnlyList<PhotoUploadResult>> UploadAsync(
        string galleryId, IEnumerable<string> paths, IProgress<UploadProgress>? progress = null, string? sectionId = null, int concurrency = 3, CancellationToken cancellationToken = default) =>
        UploadAsync(galleryId, paths.Select(UploadFile.FromPath), progress, sectionId, concurrency, cancellationToken);

    /// <summary>
    /// Uploads photos to a gallery, each streamed in its own request, several at a time. A file that is refused (not a picture, too large) is
    /// reported in its result. A lost connection is retried, which is safe: a file that did arrive is answered as a duplicate. A failure of the
    /// whole upload is thrown. The gallery has the photos in the order of their file names, whichever arrives first.
    /// </summary>
    /// <returns>One result per file, in the order of the files.</returns>
    public async Task<IReadOnlyList<PhotoUploadResult>> UploadAsync(
        string galleryId, IEnumerable<UploadFile> files, IProgress<UploadProgress>? progress = null, string? sectionId = null, int concurrency = 3, CancellationToken cancellationToken = default)
    {
        var all = (files ?? throw new ArgumentNullException(nameof(files))).ToList();
        var results = new PhotoUploadResult[all.Count];
        var meter = new UploadMeter(all, progress);
        var section = sectionId is null ? "" : $"&sectionId={Uri.EscapeDataString(sectionId)}";
        var address = $"v1/galleries/{Uri.EscapeDataString(galleryId ?? throw new ArgumentNullException(nameof(galleryId)))}/photos?uploadGroup={Guid.NewGuid():N}{section}";
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
            // One failure canceled the other workers: throw that one, not the cancellation.
            await (workers.Find(w => w.IsFaulted) ?? Task.CompletedTask).ConfigureAwait(false);
            throw;
        }

        return results;
    }

    /// <summary>
    /// Creates an upload that loses at most one piece of a file when the connection breaks, the upload is paused or the process ends; meant for
    /// large folders and unreliable networks. Nothing is sent before <see cref="ResumableUpload.RunAsync"/>.
    /// </summary>
    public ResumableUpload Resumable(string galleryId, IEnumerable<UploadFile> files, ResumableUploadOptions? options = null) =>
        new(_httpClient, galleryId ?? throw new ArgumentNullException(nameof(galleryId)), [.. files ?? throw new ArgumentNullException(nameof(files))], options ?? new());

    /// <summary>Waits until every photo of the gallery is either ready or has failed with a reason.</summary>
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
            // The error is about the file itself, not about the gallery, the key or the server.
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
