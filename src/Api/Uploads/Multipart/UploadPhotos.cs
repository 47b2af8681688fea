using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Multipart;

internal static class UploadPhotos
{
    public static void MapUploadPhotos(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/photos", HandleAsync)
        .WithName("UploadPhotos")
        .WithTags("Photos")
        .WithSummary("Upload photos")
        .WithDescription("Takes any number of files in one multipart body and streams them as they arrive. Each file is answered separately: accepted (processing "
            + "starts at once), duplicate (the gallery already has this file) or refused with a reason. Sending a file again is safe, because it is then a "
            + "duplicate. If every file is refused, the response is a problem: the file's own problem if there was one file, upload_refused with `results` if there "
            + "were several.")
        .WithMetadata(
            new TakesFiles("files", "JPEG, PNG, WebP, AVIF, TIFF, HEIC, or camera RAW (its preview is shown). The type is detected from the content, not from the name."),
            new BodySize(routes.ServiceProvider.GetRequiredService<IOptions<PhotoOptions>>().Value.MaxUploadBytes),
            IdempotencyMode.RepeatableFiles)
        .Produces<PhotoUploadResponse>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<Created<PhotoUploadResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId,
        [Description("The section to put the photos into.")] Id<Section>? sectionId,
        [Description("Requests of the same group are one upload: the gallery has its photos in the order of their file names, whichever arrives first. Default: each request by itself.")]
        [RegularExpression(UploadPlaces.GroupPattern)] string? uploadGroup,
        HttpContext http, ProofsheetDb db, PhotoIngest ingest, PhotoMapper answers, IOptions<PhotoOptions> options, CancellationToken cancellation)
    {
        if (uploadGroup is not null && !UploadPlaces.IsGroup(uploadGroup))
        {
            return Problems.Invalid(new Dictionary<string, string[]> { ["uploadGroup"] = [UploadPlaces.GroupError] });
        }

        if (!await db.Set<Gallery>().AnyAsync(g => g.Id == galleryId, cancellation))
        {
            return Problems.NotFound("gallery");
        }

        if (sectionId is { } section && !await db.Set<Section>().AnyAsync(s => s.Id == section && s.GalleryId == galleryId, cancellation))
        {
            return Problems.NotFound("section");
        }

        var files = IncomingFiles.Of(http.Request);
        var taken = await TakeAllAsync(files, new ArrivingFile(galleryId, sectionId, "") { UploadGroup = uploadGroup ?? UploadPlaces.NewGroup() }, ingest, options.Value, cancellation);
        if (taken.Count == 0)
        {
            return Problems.BadRequest("no_files", "The body holds no file.");
        }

        var results = await AnswerAsync(taken, galleryId, answers, cancellation);
        if (taken.Exists(t => t.Result.Photo is not null))
        {
            return TypedResults.Created($"/v1/galleries/{galleryId}/photos", new PhotoUploadResponse { Results = results });
        }

        return taken is [{ Result.Refusal: { } only }]
            ? Problems.Of(only.HttpStatus, only.Code, only.Detail)
            : Problems.Of(422, "upload_refused", "None of the files was taken; `results` says why.", new Dictionary<string, object?> { ["results"] = results });
    }

    private static async Task<List<(string FileName, IngestResult Result)>> TakeAllAsync(
        IncomingFiles files, ArrivingFile each, PhotoIngest ingest, PhotoOptions options, CancellationToken cancellation)
    {
        var taken = new List<(string, IngestResult)>();
        var name = "";
        try
        {
            while (await files.NextAsync(cancellation) is { } part)
            {
                name = FileNames.Clean(part.FileName ?? part.Name);
                if (taken.Count == options.MaxFilesPerUpload)
                {
                    taken.Add((name, new IngestError(413, "too_many_files", $"One upload takes at most {options.MaxFilesPerUpload} files; this one and those behind it were not read.")));
                    break;
                }

                taken.Add((name, part.FileName is null
                    ? new IngestError(400, "unknown_field", "An upload has file parts only.")
                    : await ingest.TakeAsync(each with { FileName = name }, part.Content, cancellation)));
                name = "";
            }
        }
        catch (UploadInterruptedException e)
        {
            // Files that arrived completely are kept and reported; the interrupted one left nothing behind.
            taken.Add((name, new IngestError(e.Status, e.Code, e.Message)));
        }

        return taken;
    }

    private static async Task<IReadOnlyList<PhotoUploadResultResponse>> AnswerAsync(
        List<(string FileName, IngestResult Result)> taken, Id<Gallery> gallery, PhotoMapper answers, CancellationToken cancellation)
    {
        var photos = taken.Where(t => t.Result.Photo is not null).Select(t => t.Result.Photo!).ToList();
        var shown = (await answers.ManyAsync(photos, gallery, cancellation)).ToLookup(p => p.Id);
        return
        [
            .. taken.Select(t => new PhotoUploadResultResponse
            {
                FileName = t.FileName,
                Outcome = t.Result.Outcome,
                Photo = t.Result.Photo is { } photo ? shown[photo.Id].First() : null,
                Problem = t.Result.Refusal is { } refusal ? new() { Code = refusal.Code, Detail = refusal.Detail } : null,
            }),
        ];
    }
}
