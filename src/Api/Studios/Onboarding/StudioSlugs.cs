using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Studios.Onboarding;

internal sealed record StudioSlugResponse
{
    public required string Slug { get; init; }

    public required bool IsAvailable { get; init; }

    /// <summary>taken, reserved or malformed; null when it is available. Someone may take it before you do.</summary>
    public required string? Reason { get; init; }
}

/// <summary>Slugs of studios: how they are spelled, which are kept, and which are free.</summary>
internal static partial class StudioSlugs
{
    public const string Pattern = "^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$";

    // Names that a platform needs for itself in front of its domain.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "account", "accounts", "admin", "api", "app", "auth", "billing", "blog", "cdn", "connect", "dashboard", "docs", "help", "identity", "login", "mail", "media",
        "oauth", "platform", "proofsheet", "reference", "security", "settings", "status", "studio", "studios", "support", "test", "www",
    };

    public static void MapStudioSlugs(this IEndpointRouteBuilder routes) => routes
        .MapGet("/studio-slugs/{slug}", HandleAsync)
        .WithName("CheckStudioSlug")
        .WithTags("Studio")
        .WithSummary("Ask whether a studio's slug is free")
        .WithDescription("For a form that makes a studio. It answers for every text; making the studio decides.")
        .WithoutStudio()
        .RequireScope(Scopes.StudiosRead, Scopes.PlatformAdmin);

    public static bool IsReserved(string slug) => Reserved.Contains(slug);

    private static async Task<Ok<StudioSlugResponse>> HandleAsync(string slug, ProofsheetDb db, CancellationToken cancellation)
    {
        var reason = !Spelling().IsMatch(slug) ? "malformed"
            : IsReserved(slug) ? "reserved"
            : await db.AcrossTenants<Studio>().AnyAsync(s => s.Slug == slug, cancellation) ? "taken" : null;
        return TypedResults.Ok(new StudioSlugResponse { Slug = slug, IsAvailable = reason is null, Reason = reason });
    }

    [System.Text.RegularExpressions.GeneratedRegex(Pattern)]
    private static partial System.Text.RegularExpressions.Regex Spelling();
}
