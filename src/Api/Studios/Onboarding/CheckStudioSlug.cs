using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Studios.Onboarding;

internal sealed record StudioSlugResponse
{
    public required string Slug { get; init; }

    public required bool IsAvailable { get; init; }

    /// <summary>Either taken, reserved or malformed. Null if the slug is available, although someone may take it before you do.</summary>
    public required string? Reason { get; init; }
}

internal static class CheckStudioSlug
{
    public static void MapCheckStudioSlug(this IEndpointRouteBuilder routes) => routes
        .MapGet("/studio-slugs/{slug}", HandleAsync)
        .WithName("CheckStudioSlug")
        .WithTags("Studio")
        .WithSummary("Check whether a studio slug is available")
        .WithDescription("For a form that creates a studio. It accepts any text; whether the slug can be used is decided when the studio is created.")
        .WithoutStudio()
        .RequireScope(Scopes.StudiosRead, Scopes.PlatformAdmin);

    private static async Task<Ok<StudioSlugResponse>> HandleAsync(string slug, ProofsheetDb db, CancellationToken cancellation)
    {
        var reason = !StudioSlugs.Spelling().IsMatch(slug) ? "malformed"
            : StudioSlugs.IsReserved(slug) ? "reserved"
            : await db.AcrossTenants<Studio>().AnyAsync(s => s.Slug == slug, cancellation) ? "taken" : null;
        return TypedResults.Ok(new StudioSlugResponse { Slug = slug, IsAvailable = reason is null, Reason = reason });
    }
}
