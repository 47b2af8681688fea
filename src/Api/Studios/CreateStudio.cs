using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Access;
using Proofsheet.Api.Data;
using Proofsheet.Api.Kernel;

namespace Proofsheet.Api.Studios;

internal sealed record CreateStudioRequest
{
    [StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Lower-case letters, digits and hyphens; unique over the platform.</summary>
    [RegularExpression("^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$", ErrorMessage = "3 to 63 lower-case letters, digits and hyphens, not at the ends.")]
    public required string Slug { get; init; }

    /// <summary>ISO 4217 code; everything the studio sells is priced in it, for good.</summary>
    [StringLength(3, MinimumLength = 3)]
    public required string Currency { get; init; }

    /// <summary>ISO 3166-1 alpha-2 code.</summary>
    [RegularExpression("^[A-Z]{2}$", ErrorMessage = "Two capital letters, as ISO 3166-1 has them.")]
    public string Country { get; init; } = "US";

    /// <summary>IANA time zone, e.g. <c>Europe/Paris</c>.</summary>
    [StringLength(64)]
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>A studio that only plays.</summary>
    public bool Sandbox { get; init; }
}

/// <summary>A new studio with its first secret key, which is shown only here.</summary>
internal sealed record CreatedStudioResponse
{
    public required StudioResponse Studio { get; init; }

    public required CreatedKeyResponse SecretKey { get; init; }
}

internal static class CreateStudio
{
    public static void MapCreateStudio(this IEndpointRouteBuilder routes) => routes
        .MapPost("/studios", HandleAsync)
        .WithName("CreateStudio")
        .WithTags("Platform")
        .WithSummary("Make a studio")
        .WithDescription("Answers the studio and its first secret key, with which everything else is set up.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.PlatformAdmin);

    private static async Task<Results<Created<CreatedStudioResponse>, ProblemHttpResult>> HandleAsync(
        CreateStudioRequest request, ProofsheetDb db, TenantContext tenant, TimeProvider clock, CancellationToken cancellation)
    {
        var (created, problem) = await MakeAsync(request, db, tenant, clock, cancellation);
        return created is null ? problem! : TypedResults.Created("/v1/studio", created);
    }

    /// <summary>What the operation and the command line share. The scope becomes the new studio's.</summary>
    public static async Task<(CreatedStudioResponse? Created, ProblemHttpResult? Problem)> MakeAsync(
        CreateStudioRequest request, ProofsheetDb db, TenantContext tenant, TimeProvider clock, CancellationToken cancellation)
    {
        if (Currencies.Digits(request.Currency) is null)
        {
            return (null, Problems.Rule("unknown_currency", "This currency is not one studios can sell in.", "currency"));
        }

        if (!TimeZones.IsKnown(request.TimeZone))
        {
            return (null, Problems.Rule("unknown_time_zone", "Name an IANA time zone, such as Europe/Paris.", "timeZone"));
        }

        if (await db.AcrossTenants<Studio>().AnyAsync(s => s.Slug == request.Slug, cancellation))
        {
            return (null, SlugTaken());
        }

        var now = clock.GetUtcNow();
        var studio = new Studio
        {
            TenantId = Id<Tenant>.New(now),
            Name = request.Name.Trim(),
            Slug = request.Slug,
            Currency = request.Currency,
            Country = request.Country,
            TimeZone = request.TimeZone,
            Plan = Plans.Default,
            IsSandbox = request.Sandbox,
            CreatedAt = now,
        };
        tenant.Set(studio.TenantId);
        db.Add(studio);
        var (key, text) = db.IssueKey(ApiKeyKind.Secret, "First key", request.Sandbox, Scopes.OfSecretKeys, [], now);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return (null, SlugTaken());
        }

        var secret = new CreatedKeyResponse { Key = text, Details = key.ToResponse() };
        return (new CreatedStudioResponse { Studio = studio.ToResponse(), SecretKey = secret }, null);
    }

    private static ProblemHttpResult SlugTaken() => Problems.Conflict("slug_taken", "Another studio has this slug.");
}
