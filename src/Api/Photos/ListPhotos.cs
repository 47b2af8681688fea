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
    [FromQuery(Name = "sectionId"), Description("Only photos in this section.")]
    public Id<Section>? SectionId { get; init; }

    [FromQuery(Name = "status"), Description("Only photos with this status.")]
    public Choice<PhotoStatus>? Status { get; init; }

    [FromQuery(Name = "sort"), Description("The order of the photos; by default as the studio arranged them.")]
    public Choice<PhotoSort>? Sort { get; init; }

    [FromQuery(Name = "isDeleted"), Description("If true, lists deleted photos that can still be restored. For the studio only.")]
    public bool? IsDeleted { get; init; }

    [FromQuery(Name = "include"), RegularExpression("^gps$"), Description("`gps` adds where the photos were taken. For the studio only.")]
    public string? Include { get; init; }
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
        Id<Gallery> galleryId, [AsParameters] PhotoListQuery query, [AsParameters] PageQuery page, ProofsheetDb db, Caller caller, Cursors cursors, PhotoMapper answers, CancellationToken cancellation)
    {
        if (Limits.PageSize(page.Limit) is not { } size)
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

        var list = $"photos:{galleryId}:{query.SectionId}:{query.Status}:{order.Name}:{query.IsDeleted}:{page.CreatedAfter}:{page.CreatedBefore}:{caller.Type}";
        if (!cursors.TryRead(list, page.Cursor, out var after))
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

        photos = photos.CreatedBetween(page.CreatedAfter, page.CreatedBefore);
        var rows = await order.After(photos, after).Take(size + 1).ToListAsync(cancellation);
        var shown = await answers.ManyAsync([.. rows.Take(size)], galleryId, cancellation, withGps);
        return TypedResults.Ok(new Page<PhotoResponse>
        {
            Data = shown,
            NextCursor = rows.Count > size ? cursors.Write(list, order.Write(rows[size - 1])) : null,
        });
    }
}
