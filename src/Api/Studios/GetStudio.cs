using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios;

internal sealed record StudioResponse
{
    public required Id<Tenant> Id { get; init; }

    public required string Name { get; init; }

    public required string Slug { get; init; }

    /// <summary>An ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>An ISO 3166-1 alpha-2 code.</summary>
    public required string Country { get; init; }

    /// <summary>An IANA time zone, for example <c>Europe/Paris</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Either solo, studio or agency.</summary>
    public required string Plan { get; init; }

    public required bool IsSandbox { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class GetStudio
{
    public static void MapGetStudio(this IEndpointRouteBuilder routes) => routes
        .MapGet("/studio", HandleAsync)
        .WithName("GetStudio")
        .WithTags("Studio")
        .WithSummary("Get the studio of the credential")
        .WithDescription("The ETag is the studio's version, for If-Match.")
        .RequireScope(Scopes.SettingsRead);

    private static async Task<Ok<StudioResponse>> HandleAsync(HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var studio = await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation);
        ETags.Write(http, studio);
        return TypedResults.Ok(studio.ToResponse());
    }

    public static StudioResponse ToResponse(this Studio studio) => new()
    {
        Id = studio.TenantId,
        Name = studio.Name,
        Slug = studio.Slug,
        Currency = studio.Currency,
        Country = studio.Country,
        TimeZone = studio.TimeZone,
        Plan = studio.Plan,
        IsSandbox = studio.IsSandbox,
        CreatedAt = studio.CreatedAt,
        UpdatedAt = studio.UpdatedAt,
    };
}
