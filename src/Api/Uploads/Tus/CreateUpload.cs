using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

internal static class CreateUpload
{
    public static void MapCreateUpload(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/uploads", HandleAsync)
        .WithName("CreateUpload")
        .WithTags("Uploads")
        .WithSummary("Create a resumable upload")
        .WithDescription("Announces a file whose bytes follow with `AppendUpload`, in as many requests as needed. The body of this request may already contain the "
            + "first bytes. `Location` is the upload's URL. If the gallery already has a file with the announced sha256, the response is 200 with the photo, and "
            + "nothing needs to be sent. With `Upload-Concat: partial`, the upload is one piece of a file; `final;` followed by the URLs of the pieces joins them. "
            + "Part of tus 1.0.0.")
        .WithMetadata(
            IdempotencyMode.RepeatableStream, new BodySize(null), new TakesBytes(Tus.ContentType, IsRequired: false), TusHeaders.TakesVersion, TusHeaders.Versions,
            new TakesHeader(Tus.Length, "Length of the file in bytes; omitted for a final upload.", IsNumber: true),
            new TakesHeader(Tus.DeferLength, "`1` if the length is announced later."),
            new TakesHeader(Tus.Metadata, "`key base64,key base64…`: filename (required, except for pieces), sha256 (hexadecimal), sectionId, title, caption, uploadGroup."),
            new TakesHeader(Tus.Concat, "`partial`, or `final;` and the URLs of the pieces in their order."),
            TusHeaders.TakesChecksum,
            new AnswersHeader(201, "Location", "The upload's URL."),
            new AnswersHeader(201, Tus.Offset, "How many bytes have been received.", IsNumber: true),
            TusHeaders.Expires(201), TusHeaders.Outcome(201), TusHeaders.Photo(201))
        .AddEndpointFilter<TusFilter>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(460)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<Created<UploadResponse>, Ok<UploadResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, ProofsheetDb db, NewUploads uploads, UploadJoining joining, UploadMapper answers, CancellationToken cancellation)
    {
        if (!await db.Set<Gallery>().AnyAsync(g => g.Id == galleryId, cancellation))
        {
            return Problems.NotFound("gallery");
        }

        if (Tus.RefuseVersion(http) is { } version)
        {
            return version;
        }

        var asked = UploadCreation.Of(http.Request);
        var digest = UploadDigest.Of(http.Request);
        if (asked.SectionId is { } section && !await db.Set<Section>().AnyAsync(s => s.Id == section && s.GalleryId == galleryId, cancellation))
        {
            return Problems.NotFound("section");
        }

        if (asked.Join != UploadJoin.Partial && asked.Sha256 is not null && await uploads.DuplicateAsync(galleryId, asked, cancellation) is { } twin)
        {
            return TypedResults.Ok(await answers.OneAsync(twin, cancellation));
        }

        var (upload, refused) = asked.Join == UploadJoin.Final
            ? await joining.JoinAsync(galleryId, asked, cancellation)
            : await uploads.BeginAsync(galleryId, asked, http, digest, cancellation);
        if (refused is not null)
        {
            return refused;
        }

        Tus.Show(http, upload!);
        return TypedResults.Created($"/v1/uploads/{upload!.Id}", await answers.OneAsync(upload, cancellation));
    }
}

/// <summary>Creates uploads within the limits.</summary>
internal sealed class NewUploads(
    ProofsheetDb db, PlanLimits limits, UploadWriter writer, UploadFinisher finisher, IObjectStore store, TenantContext tenant, IOptions<PhotoOptions> options, TimeProvider clock)
{
    /// <summary>If the gallery already has the announced bytes, an upload that is done from the start; otherwise null.</summary>
    public async Task<Upload?> DuplicateAsync(Id<Gallery> gallery, UploadCreation asked, CancellationToken cancellation)
    {
        var twin = await db.Set<Photo>().AsNoTracking().SingleOrDefaultAsync(p => p.GalleryId == gallery && p.LiveSha256 == asked.Sha256, cancellation);
        if (twin is null || (asked.Length is { } length && length != twin.CurrentVersion.Bytes))
        {
            return null;
        }

        var upload = New(gallery, asked);
        (upload.Length, upload.Offset) = (twin.CurrentVersion.Bytes, twin.CurrentVersion.Bytes);
        (upload.Status, upload.Outcome, upload.PhotoId) = (UploadStatus.Done, UploadOutcome.Duplicate, twin.Id);
        await AddAsync(upload, cancellation);
        return upload;
    }

    /// <summary>Creates an upload and writes the request body to it, if there is one.</summary>
    public async Task<(Upload? Upload, ProblemHttpResult? Refused)> BeginAsync(Id<Gallery> gallery, UploadCreation asked, HttpContext http, UploadDigest? digest, CancellationToken cancellation)
    {
        if (await RefuseAsync(gallery, asked, cancellation) is { } refusal)
        {
            return (null, Problems.Of(refusal.HttpStatus, refusal.Code, refusal.Detail));
        }

        var upload = New(gallery, asked);
        await AddAsync(upload, cancellation);
        if (!Tus.HasBytes(http.Request))
        {
            return (upload, null);
        }

        await using var held = await UploadLock.TakeAsync(db, upload.Id, TimeSpan.FromSeconds(options.Value.UploadLeaseSeconds), clock, cancellation);
        if (held is null || await AppendUpload.WriteAsync(upload, held, http, digest, writer, finisher) is not { } refused)
        {
            return (upload, null);
        }

        // No client has seen its URL yet.
        await held.Held.ExecuteDeleteAsync(CancellationToken.None);
        await UploadFiles.DeleteAllAsync(store, tenant.Current, upload.Id, CancellationToken.None);
        return (null, refused);
    }

    /// <summary>
    /// The announced bytes of unfinished uploads count as stored, so that a plan cannot be exceeded by never finishing uploads.
    /// An upload of unknown length counts as the largest file allowed.
    /// </summary>
    public async Task<(PlanRoom Room, int UploadsLeft)> RoomAsync(Id<Gallery> gallery, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var open = db.Set<Upload>().Where(u => u.Status == UploadStatus.Open && u.ExpiresAt > now && !u.IsFinal);
        var room = await limits.RoomAsync(gallery, cancellation);
        var most = options.Value.MaxFileBytes;
        room.Reserve(await open.SumAsync(u => u.Length ?? most, cancellation));
        return (room, options.Value.MaxOpenUploads - await open.CountAsync(cancellation));
    }

    public IngestError TooMany() => new(422, "too_many_uploads", $"The studio has {options.Value.MaxOpenUploads} unfinished uploads. Finish some with `AppendUpload`, or give them up with `TerminateUpload`.");

    public Upload New(Id<Gallery> gallery, UploadCreation asked, bool isFinal = false)
    {
        var now = clock.GetUtcNow();
        return new Upload
        {
            Id = Id<Upload>.New(now),
            GalleryId = gallery,
            SectionId = asked.SectionId,
            UploadGroup = asked.UploadGroup,
            FileName = asked.FileName,
            Title = asked.Title,
            Caption = asked.Caption,
            Sha256 = asked.Sha256,
            Length = asked.Length,
            IsPartial = asked.Join == UploadJoin.Partial,
            IsFinal = isFinal,
            CreatedAt = now,
            ExpiresAt = now.AddHours(options.Value.UploadHours),
        };
    }

    private async Task<IngestError?> RefuseAsync(Id<Gallery> gallery, UploadCreation asked, CancellationToken cancellation)
    {
        if (limits.RefuseFile(asked.Length ?? 1) is { } unfit)
        {
            return unfit;
        }

        var (room, uploadsLeft) = await RoomAsync(gallery, cancellation);
        return uploadsLeft <= 0 ? TooMany() : room.Refuse(asked.Length ?? options.Value.MaxFileBytes);
    }

    private async Task AddAsync(Upload upload, CancellationToken cancellation)
    {
        db.Add(upload);
        await db.SaveChangesAsync(cancellation);
        // From here on it is changed by single statements only.
        db.Entry(upload).State = EntityState.Detached;
    }
}
