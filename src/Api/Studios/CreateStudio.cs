using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Api.Studios.Onboarding;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Countries;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios;

internal sealed record CreateStudioRequest
{
    [OneLine, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Lower-case letters, digits and hyphens; unique on the platform.</summary>
    [RegularExpression(StudioSlugs.Pattern, ErrorMessage = "3 to 63 lower-case letters, digits and hyphens, not at the ends.")]
    public required string Slug { get; init; }

    /// <summary>An ISO 4217 code. All prices of the studio are in this currency, and it cannot be changed.</summary>
    [StringLength(3, MinimumLength = 3)]
    public required string Currency { get; init; }

    /// <summary>An ISO 3166-1 alpha-2 code.</summary>
    [Country]
    public string Country { get; init; } = "US";

    /// <summary>An IANA time zone, for example <c>Europe/Paris</c>.</summary>
    [StringLength(64)]
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>Whether the studio is only for trying things out.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>Either solo, studio or agency. Defaults to solo.</summary>
    [StringLength(32, MinimumLength = 1)]
    public string? Plan { get; init; }
}

/// <summary>A new studio.</summary>
internal sealed record CreatedStudioResponse
{
    public required StudioResponse Studio { get; init; }

    /// <summary>
    /// The studio's first secret key; its `secret` is shown only here. Null if a signed-in account created the studio and became its owner, who can
    /// create keys later.
    /// </summary>
    public required KeyResponse? SecretKey { get; init; }
}

internal static class CreateStudio
{
    public static void MapCreateStudio(this IEndpointRouteBuilder routes) => routes
        .MapPost("/studios", HandleAsync)
        .WithName("CreateStudio")
        .WithTags("Platform")
        .WithSummary("Create a studio")
        .WithDescription("For the platform: returns the studio and its first secret key, with which everything else is set up. For a signed-in account: the account "
            + "becomes the owner, gets no key, and signs in for the studio with `acr_values=tenant:SLUG`.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .WithoutStudio()
        .RequireScope(Scopes.PlatformAdmin, Scopes.StudiosWrite);

    private static async Task<Results<Created<CreatedStudioResponse>, ProblemHttpResult>> HandleAsync(
        CreateStudioRequest request, HttpContext http, ProofsheetDb db, TenantContext tenant, Caller caller, AccountProfiles profiles, IOptions<Plans> plans,
        IOptions<OnboardingOptions> limits, TimeProvider clock, CancellationToken cancellation)
    {
        if (request.Plan is { } plan && !plans.Value.Tiers.ContainsKey(plan))
        {
            return Problems.Rule("unknown_plan", $"There are {string.Join(", ", plans.Value.Tiers.Keys.Order(StringComparer.Ordinal))}.", "plan");
        }

        Func<Id<Tenant>, Task<ProblemHttpResult?>>? found = null;
        if (!caller.Has(Scopes.PlatformAdmin))
        {
            // Name and email address are useful in the list of members, but a studio can do without them.
            var (profile, _) = await profiles.OfAsync(http, null, cancellation);
            found = studio => FoundAsync(db, caller.Account!, studio, profile, limits.Value.StudiosPerAccount, clock, cancellation);
        }

        var (created, problem) = await MakeAsync(request, db, tenant, clock, cancellation, found);
        return created is null ? problem! : TypedResults.Created("/v1/studio", created);
    }

    /// <summary>Makes the account the owner of its new studio, if it may have another one.</summary>
    private static async Task<ProblemHttpResult?> FoundAsync(
        ProofsheetDb db, Account account, Id<Tenant> studio, AccountProfile? profile, int limit, TimeProvider clock, CancellationToken cancellation)
    {
        if (await StudioQuota.NextAsync(db, account, studio, limit, cancellation) is not { } quota)
        {
            return Problems.Rule("too_many_studios", $"An account can create up to {limit} studios.");
        }

        db.Add(quota);
        db.Add(AcceptInvitation.NewMember(account, StudioRole.Owner, profile, clock.GetUtcNow()));
        return null;
    }

    /// <summary>Shared by the operation and the command line. The new studio becomes the tenant of the scope.</summary>
    /// <param name="found">Adds an owner, in which case no key is created. If null, the studio has no owner yet and gets a key.</param>
    public static async Task<(CreatedStudioResponse? Created, ProblemHttpResult? Problem)> MakeAsync(
        CreateStudioRequest request, ProofsheetDb db, TenantContext tenant, TimeProvider clock, CancellationToken cancellation,
        Func<Id<Tenant>, Task<ProblemHttpResult?>>? found = null)
    {
        if (StudioSlugs.IsReserved(request.Slug))
        {
            return (null, Problems.Rule("slug_reserved", "This slug is reserved for the platform.", "slug"));
        }

        if (Currencies.Digits(request.Currency) is null)
        {
            return (null, Problems.Rule("unknown_currency", "Studios cannot sell in this currency.", "currency"));
        }

        if (!TimeZones.IsKnown(request.TimeZone))
        {
            return (null, Problems.Rule("unknown_time_zone", "Send an IANA name as `timeZone`, such as Europe/Paris.", "timeZone"));
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
            Plan = request.Plan ?? Plans.Default,
            IsSandbox = request.IsSandbox,
            CreatedAt = now,
        };
        tenant.Set(studio.TenantId);
        db.Add(studio);
        KeyResponse? secret = null;
        if (found is null)
        {
            var (key, text) = db.IssueKey(ApiKeyType.Secret, "First key", request.IsSandbox, Scopes.OfSecretKeys, [], now);
            secret = key.ToResponse(text);
        }
        else if (await found(studio.TenantId) is { } refusal)
        {
            return (null, refusal);
        }

        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // A duplicate slug, or the account creates two studios at the same moment.
            return (null, await db.AcrossTenants<Studio>().AnyAsync(s => s.Slug == request.Slug, cancellation)
                ? SlugTaken()
                : Problems.Conflict("concurrent_change", "The account is creating another studio at the same time. Try again."));
        }

        return (new CreatedStudioResponse { Studio = studio.ToResponse(), SecretKey = secret }, null);
    }

    private static ProblemHttpResult SlugTaken() => Problems.Conflict("slug_taken", "Another studio has this slug.");
}
