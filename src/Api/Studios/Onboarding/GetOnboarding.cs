using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Onboarding;

/// <summary>An onboarding step. The module that owns its subject says whether it is done.</summary>
internal interface IOnboardingStep
{
    string Name { get; }

    /// <summary>Its position among the steps.</summary>
    int Order { get; }

    bool IsOptional { get; }

    /// <summary>The operation to call next: its name in the API document, its method and its path.</summary>
    (string Operation, string Method, string Path) Next { get; }

    Task<bool> IsDoneAsync(ProofsheetDb db, CancellationToken cancellation);
}

internal sealed record OnboardingStepResponse
{
    /// <summary>One of studio, branding, live_key, sandbox_key, gallery, photo and members.</summary>
    public required string Name { get; init; }

    public required bool IsDone { get; init; }

    /// <summary>Whether the setup is complete without this step.</summary>
    public required bool IsOptional { get; init; }

    /// <summary>The name of the operation that completes the step, as in the API document.</summary>
    public required string Operation { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }
}

internal sealed record OnboardingResponse
{
    /// <summary>The studio that the token works in. Null before there is one.</summary>
    public required Id<Tenant>? StudioId { get; init; }

    public required string? Slug { get; init; }

    /// <summary>True if every required step is done.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The steps, in the recommended order.</summary>
    public required IReadOnlyList<OnboardingStepResponse> Steps { get; init; }
}

internal static class GetOnboarding
{
    public static void MapGetOnboarding(this IEndpointRouteBuilder routes) => routes
        .MapGet("/onboarding", HandleAsync)
        .WithName("GetOnboarding")
        .WithTags("Studio")
        .WithSummary("Get the onboarding progress")
        .WithDescription("Each step names the operation to call next. With a token that names no studio yet, the first step is to create one.")
        .RequireScope(Scopes.SettingsRead, Scopes.StudiosRead);

    private static async Task<Ok<OnboardingResponse>> HandleAsync(
        ProofsheetDb db, TenantContext tenant, IEnumerable<IOnboardingStep> steps, CancellationToken cancellation)
    {
        var studio = tenant.IsSet ? await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation) : null;
        var answers = new List<OnboardingStepResponse>();
        // A sandbox studio has no live keys.
        foreach (var step in steps.Where(s => studio?.IsSandbox != true || s.Name != KeyStep.LiveName).OrderBy(s => s.Order))
        {
            var (operation, method, path) = step.Next;
            answers.Add(new OnboardingStepResponse
            {
                Name = step.Name,
                IsDone = studio is not null && await step.IsDoneAsync(db, cancellation),
                IsOptional = step.IsOptional,
                Operation = operation,
                Method = method,
                Path = path,
            });
        }

        return TypedResults.Ok(new OnboardingResponse
        {
            StudioId = studio?.TenantId, Slug = studio?.Slug, IsComplete = answers.All(s => s.IsDone || s.IsOptional), Steps = answers,
        });
    }
}

internal sealed class StudioStep : IOnboardingStep
{
    public string Name => "studio";

    public int Order => 1;

    public bool IsOptional => false;

    public (string Operation, string Method, string Path) Next => ("CreateStudio", "POST", "/v1/studios");

    public Task<bool> IsDoneAsync(ProofsheetDb db, CancellationToken cancellation) => Task.FromResult(true);
}

internal sealed class BrandingStep : IOnboardingStep
{
    public string Name => "branding";

    public int Order => 2;

    public bool IsOptional => true;

    public (string Operation, string Method, string Path) Next => ("UpdateBranding", "PATCH", "/v1/studio/branding");

    public Task<bool> IsDoneAsync(ProofsheetDb db, CancellationToken cancellation) => db.Set<Branding>().AnyAsync(cancellation);
}

internal sealed class KeyStep(bool isSandbox, TimeProvider clock) : IOnboardingStep
{
    public const string LiveName = "live_key";

    public string Name => isSandbox ? "sandbox_key" : LiveName;

    public int Order => isSandbox ? 3 : 4;

    public bool IsOptional => isSandbox;

    public (string Operation, string Method, string Path) Next => ("CreateKey", "POST", "/v1/keys");

    public Task<bool> IsDoneAsync(ProofsheetDb db, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return db.Set<ApiKey>().AnyAsync(k => k.IsSandbox == isSandbox && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now), cancellation);
    }
}

internal sealed class MembersStep(TimeProvider clock) : IOnboardingStep
{
    public string Name => "members";

    public int Order => 9;

    public bool IsOptional => true;

    public (string Operation, string Method, string Path) Next => ("InviteMember", "POST", "/v1/invitations");

    public async Task<bool> IsDoneAsync(ProofsheetDb db, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return await db.Set<Member>().CountAsync(cancellation) > 1
            || await db.Set<Invitation>().AnyAsync(i => i.AcceptedAt == null && i.WithdrawnAt == null && i.ExpiresAt > now, cancellation);
    }
}
