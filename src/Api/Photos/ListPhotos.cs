using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos;

/// <summary>Which photos of a gallery to list, and in which order.</summary>
internal sealed record PhotoListQuery
{
    [FromQuery(Name = "sectionId"), Description("Only of this section.")]
    public Id<Section>? SectionId { get; init; }

    [FromQuery(Name = "status"), Description("Only with this status.")]
    public Choice<PhotoStatus>? Status { get; init; }

    [FromQuery(Name = "sort"), Description("The order: as arranged unless told.")]
    public Choice<PhotoSort>? Sort { get; init; }

    [FromQuery(Name = "isDeleted"), Description("True for what was deleted and can be restored; for the studio only.")]
    public bool? IsDeleted { get; init; }

    [FromQuery(Name = "include"), RegularExpression("^gps$"), Description("`gps` for where photos were taken; for the studio only.")]
    public string? Include { get; init; }

    [FromQuery(Name = "createdAfter"), Description("Only what was made at this time or later.")]
    public Instant? CreatedAfter { get; init; }

    [FromQuery(Name = "createdBefore"), Description("Only what was made before this time.")]
    public Instant? CreatedBefore { get; init; }

    [FromQuery(Name = "cursor"), Description("The nextCursor of the page before.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "limit"), Range(1, Limits.MaxPage), Description("Rows in the page; 50 unless told.")]
    public int? Limit { get; init; }
}

internal static class ListPhotos
{
    public static void MapListPhotos(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/photos", HandleAsync)
        .WithName("ListPhotos")
        .WithTags("Photos")
        .WithSummary("List a gallery's photos")
        .WithDescription("The studio sees all photos. A visitor sees those that the gallery shows, ready and not hidden, with the gallery's watermark if it has "
            + "one.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.PhotosRead, Scopes.VisitorView);

    private static async Task<Results<Ok<Page<PhotoResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, [AsParameters] PhotoListQuery query, ProofsheetDb db, Caller caller, Cursors cursors, PhotoMapper answers, CancellationToken cancellation)
    {
        if (Limits.PageSize(query.Limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        var order = PhotoOrder.Of(query.Sort?.Value ?? PhotoSort.Position);
        if (PhotoInclude.Read(query.Include) is not { } withGps)
        {
            return PhotoInclude.Unknown();
        }

        if (!caller.Reaches(galleryId) || !await db.Set<Gallery>().AnyAsync(g => g.Id == galleryId, cancellation))
        {
            return Problems.NotFound("gallery");
        }

        var list = $"photos:{galleryId}:{query.SectionId}:{query.Status}:{order.Name}:{query.IsDeleted}:{query.CreatedAfter}:{query.CreatedBefore}:{caller.Type}";
        if (!cursors.TryRead(list, query.Cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var photos = db.PhotosFor(caller).AsNoTracking().Where(p => p.GalleryId == galleryId);
        photos = query.IsDeleted == true && caller.IsStudio ? photos.Where(p => p.DeletedAt != null) : photos.Where(p => p.DeletedAt == null);
        if (query.SectionId is { } section)
        {
            photos = photos.Where(p => p.SectionId == section);
        }

        if (query.Status is { Value: var status })
        {
            photos = photos.Where(p => p.Status == status);
        }

        if (query.CreatedAfter is { Value: var from })
        {
            var first = Id<Photo>.First(from);
            photos = photos.Where(p => p.Id >= first);
        }

        if (query.CreatedBefore is { Value: var to })
        {
            var end = Id<Photo>.First(to);
            photos = photos.Where(p => p.Id < end);
        }

        var rows = await order.After(photos, after).Take(size + 1).ToListAsync(cancellation);
        var shown = await answers.ManyAsync([.. rows.Take(size)], galleryId, cancellation, withGps);
        return TypedResults.Ok(new Page<PhotoResponse>
        {
            Data = shown,
            NextCursor = rows.Count > size ? cursors.Write(list, order.Write(rows[size - 1])) : null,
        });
    }
}
