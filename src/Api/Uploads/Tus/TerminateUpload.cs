using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

internal static class TerminateUpload
{
    public static void MapTerminateUpload(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/uploads/{uploadId}", HandleAsync)
        .WithName("TerminateUpload")
        .WithTags("Uploads")
        .WithSummary("Terminate an upload")
        .WithDescription("Deletes the upload and the bytes received so far. A photo that was made from it is kept. Part of tus 1.0.0.")
        .WithMetadata(TusHeaders.TakesVersion, TusHeaders.Versions)
        .AddEndpointFilter<TusFilter>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status423Locked)
        .RequireScope(Scopes.PhotosUpload);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Upload> uploadId, HttpContext http, ProofsheetDb db, IObjectStore store, TenantContext tenant, IOptions<PhotoOptions> options, TimeProvider clock, CancellationToken cancellation)
    {
        if (await db.FindUploadAsync(uploadId, cancellation) is null)
        {
            return Problems.NotFound("upload");
        }

        if (Tus.RefuseVersion(http) is { } version)
        {
            return version;
        }

        await using var held = await UploadLock.TakeAsync(db, uploadId, TimeSpan.FromSeconds(options.Value.UploadLeaseSeconds), clock, cancellation);
        if (held is null)
        {
            return UploadFinding.Locked(http);
        }

        await held.Held.ExecuteDeleteAsync(CancellationToken.None);
        await UploadFiles.DeleteAllAsync(store, tenant.Current, uploadId, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
