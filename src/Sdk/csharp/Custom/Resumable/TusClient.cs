using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>How an upload ended.</summary>
internal sealed record UploadEnd(UploadOutcome Outcome, string? PhotoId, PhotoFailure? Problem = null)
{
    public static UploadEnd Refused(string code, string detail) => new(UploadOutcome.Refused, null, new PhotoFailure { Code = code, Detail = detail });
}

/// <summary>The state of an upload: the bytes that the API has, and its outcome when it has ended.</summary>
internal sealed record UploadPoint(long Offset, UploadEnd? End = null);

/// <summary>A new upload, or the outcome when no upload is needed.</summary>
/// <param name="GoesDirectly">The object store accepts the file directly.</param>
internal sealed record CreatedUpload(string? UploadId, UploadEnd? End, bool GoesDirectly = false);

/// <summary>
/// The requests of tus 1.0.0 and the API's additions to it. An upload is named by its ID and requested below the client's base URL, so the
/// credential is never sent to a URL from a response or a stored session.
/// </summary>
internal sealed class TusClient(HttpClient http, string galleryId)
{
    private static readonly HttpMethod Patch = new("PATCH");

    public string Scope => $"{http.BaseAddress}\n{galleryId}";

    public SectionsClient Sections => new(http);

    public string GalleryId => galleryId;

    // The API puts the photos of a group into the order of their file names.
    private readonly string _uploadGroup = Guid.NewGuid().ToString("N");

    private UploadsClient Uploads => new(http);

    public static string AddressOf(string uploadId) => $"v1/uploads/{Uri.EscapeDataString(uploadId)}";

    /// <param name="length">Null for an upload that joins parts.</param>
    /// <param name="concat">Upload-Concat; null for an ordinary upload.</param>
    /// <param name="metadata">Upload-Metadata.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<CreatedUpload> CreateAsync(long? length, string? concat, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, $"v1/galleries/{Uri.EscapeDataString(galleryId)}/uploads");
        Add(request, "Upload-Length", length?.ToString(CultureInfo.InvariantCulture));
        Add(request, "Upload-Concat", concat);
        Add(request, "Upload-Metadata", string.Join(",", metadata.Append(new("uploadGroup", _uploadGroup)).Select(m => $"{m.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(m.Value))}")));
        using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var upload = await ReadAsync(answer, cancellationToken).ConfigureAwait(false);
        // When there is a Location header, nothing else is needed.
        return answer.Headers.Location is { } location
            ? new CreatedUpload(IdOf(location), End(answer), upload?.DirectUrl is not null)
            : new CreatedUpload(null, (upload is null ? null : EndOf(upload)) ?? throw Unreadable());
    }

    public async Task<UploadPoint> HeadAsync(string uploadId, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Head, AddressOf(uploadId));
        using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return new UploadPoint(Offset(answer), End(answer));
    }

    public async Task<UploadPoint> AppendAsync(string uploadId, long offset, HttpContent piece, string checksum, CancellationToken cancellationToken)
    {
        using var request = Request(Patch, AddressOf(uploadId));
        // After a broken PATCH the API is asked for the offset, so it is not retried blindly.
        Add(request, RetryingHandler.SingleTry, "1");
        Add(request, "Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        Add(request, "Upload-Checksum", checksum);
        request.Content = piece;
        using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return new UploadPoint(Offset(answer), End(answer));
    }

    /// <summary>The outcome of an upload; null while it has not ended.</summary>
    public async Task<UploadEnd?> EndOfAsync(string uploadId, CancellationToken cancellationToken) =>
        EndOf(await ReadableAsync(Uploads.GetAsync(uploadId, cancellationToken)).ConfigureAwait(false));

    /// <summary>Gets a URL of the object store for the file.</summary>
    public async Task<DirectUpload> DirectAsync(string uploadId, CancellationToken cancellationToken)
    {
        var address = await ReadableAsync(Uploads.CreateDirectAsync(uploadId, new CreateDirectUploadRequest(), cancellationToken: cancellationToken)).ConfigureAwait(false);
        return address is { Url: not null, Headers: not null } ? address : throw Unreadable();
    }

    /// <summary>Ingests the file that the object store has.</summary>
    public async Task<UploadEnd> CompleteAsync(string uploadId, CancellationToken cancellationToken) =>
        EndOf(await ReadableAsync(Uploads.CompleteAsync(uploadId, cancellationToken: cancellationToken)).ConfigureAwait(false)) ?? throw Unreadable();

    public async Task TerminateAsync(string uploadId, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Delete, AddressOf(uploadId));
        using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Announces many files at once; each becomes an upload, or needs none.</summary>
    public async Task<IReadOnlyList<CreatedUpload>> AnnounceAsync(IReadOnlyList<UploadBatchFileRequest> files, CancellationToken cancellationToken)
    {
        var batch = await ReadableAsync(Uploads.CreateBatchAsync(galleryId, new CreateUploadBatchRequest { Files = files, UploadGroup = _uploadGroup }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        var created = Enumerable.Repeat(new CreatedUpload(null, null), files.Count).ToArray();
        foreach (var file in batch.Files ?? throw Unreadable())
        {
            created[file.Index] = file.UploadId is not null && file.Outcome != UploadOutcome.Refused
                ? new CreatedUpload(file.UploadId, null, file.DirectUrl is not null)
                : new CreatedUpload(null, EndOf(file.Status, file.Outcome, file.PhotoId, file.Problem));
        }

        return created;
    }

    private static HttpRequestMessage Request(HttpMethod method, string address)
    {
        var request = new HttpRequestMessage(method, address);
        Add(request, "Tus-Resumable", "1.0.0");
        return request;
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static string IdOf(Uri location) => Uri.UnescapeDataString(location.OriginalString.TrimEnd('/').Split('/').Last());

    private static long Offset(HttpResponseMessage answer) =>
        Header(answer, "Upload-Offset") is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : throw Unreadable();

    private static UploadEnd? End(HttpResponseMessage answer) =>
        Header(answer, "Proofsheet-Upload-Outcome") is { } outcome ? new UploadEnd(new UploadOutcome(outcome), Header(answer, "Proofsheet-Photo")) : null;

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>Null when the body is not an upload.</summary>
    private static async Task<Upload?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<Upload>(await answer.Content.ReadTextAsync(cancellationToken).ConfigureAwait(false), ProofsheetJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<T> ReadableAsync<T>(Task<T> asked)
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (UnreadableAnswerException)
        {
            throw Unreadable();
        }
    }

    private static UploadEnd? EndOf(Upload upload) => EndOf(upload.Status, upload.Outcome, upload.Photo?.Id, upload.Problem);

    /// <summary>The outcome of an upload or of a file in a batch; null while there is none.</summary>
    private static UploadEnd? EndOf(UploadStatus? status, UploadOutcome? outcome, string? photoId, PhotoFailure? problem)
    {
        if (status == UploadStatus.Refused || outcome == UploadOutcome.Refused)
        {
            return UploadEnd.Refused(problem?.Code ?? "refused", problem?.Detail ?? "The file was refused.");
        }

        return status == UploadStatus.Done && outcome is not null ? new UploadEnd(outcome, photoId) : null;
    }

    // A proxy answered instead of the API; a retry may reach it.
    private static ProofsheetConnectionException Unreadable() => new(new InvalidDataException("The response did not come from the API."));
}

/// <summary>A piece of a file in memory, which reports bytes as they are sent.</summary>
internal sealed class PieceContent : StreamedContent
{
    private const int StepBytes = 64 * 1024;
    private readonly ArraySegment<byte> _piece;
    private readonly Action<int> _sent;

    public PieceContent(ArraySegment<byte> piece, Action<int> sent)
    {
        (_piece, _sent) = (piece, sent);
        Headers.TryAddWithoutValidation("Content-Type", "application/offset+octet-stream");
    }

    public override HttpContent Again() => new PieceContent(_piece, _sent);

    protected override bool TryComputeLength(out long length)
    {
        length = _piece.Count;
        return true;
    }

    protected override async Task CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        for (var at = 0; at < _piece.Count; at += StepBytes)
        {
            var step = Math.Min(StepBytes, _piece.Count - at);
            await stream.WriteAsync(_piece.Array!, _piece.Offset + at, step, cancellationToken).ConfigureAwait(false);
            _sent(step);
        }
    }
}
