using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Sections;

internal sealed record SectionResponse
{
    public required Id<Section> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string Title { get; init; }

    public required string? Description { get; init; }

    /// <summary>The section's place in the gallery; lower positions come first.</summary>
    public required int Position { get; init; }

    /// <summary>The studio's own data about the section. Null for visitors.</summary>
    public required IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class ListSections
{
    public static void MapListSections(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/sections", HandleAsync)
        .WithName("ListSections")
        .WithTags("Sections")
        .WithSummary("List a gallery's sections")
        .WithDescription("Returns the sections in their order. A gallery has at most 100.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead, Scopes.VisitorView);

    private static async Task<Results<Ok<Page<SectionResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, string? cursor, int? limit,
        Caller caller, ProofsheetDb db, Cursors cursors, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        var list = $"sections:{galleryId}";
        if (!cursors.TryRead(list, cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var rows = await db.SectionsAfter(galleryId, after).Take(size + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page<SectionResponse>.From(rows, size, s => s.ToResponse(caller), last => cursors.Write(list, $"{Cursors.Number(last.Position)} {last.Id.ToStored()}")));
    }

    /// <summary>In their order.</summary>
    /// <param name="db">The studio's rows.</param>
    /// <param name="galleryId">The gallery.</param>
    /// <param name="after">The position and the id of the last one that was read; null for the beginning.</param>
    public static IQueryable<Section> SectionsAfter(this ProofsheetDb db, Id<Gallery> galleryId, string? after)
    {
        var sections = db.Set<Section>().AsNoTracking().Where(s => s.GalleryId == galleryId);
        if (after?.Split(' ') is [var at, var last])
        {
            var position = int.Parse(at, CultureInfo.InvariantCulture);
            var id = Id<Section>.FromStored(last);
            sections = sections.Where(s => s.Position > position || (s.Position == position && s.Id > id));
        }

        return sections.OrderBy(s => s.Position).ThenBy(s => s.Id);
    }

    /// <param name="section">The section.</param>
    /// <param name="reader">Who reads it: a visitor sees no metadata.</param>
    public static SectionResponse ToResponse(this Section section, Caller reader) => new()
    {
        Id = section.Id,
        GalleryId = section.GalleryId,
        Title = section.Title,
        Description = section.Description,
        Position = section.Position,
        Metadata = reader.IsVisitor ? null : section.Metadata,
        CreatedAt = section.CreatedAt,
        UpdatedAt = section.UpdatedAt,
    };
}
