using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

/// <summary>A studio of the signed-in account, with the account's role in it.</summary>
internal sealed record StudioMembershipResponse
{
    public required Id<Tenant> Id { get; init; }

    public required string Name { get; init; }

    /// <summary>To work in the studio, sign in with <c>acr_values=tenant:</c> followed by this slug.</summary>
    public required string Slug { get; init; }

    public required bool IsSandbox { get; init; }

    public required StudioRole Role { get; init; }

    /// <summary>The most that the role may do.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
}

internal static class ListStudios
{
    public static void MapListStudios(this IEndpointRouteBuilder routes) => routes
        .MapGet("/studios", HandleAsync)
        .WithName("ListStudios")
        .WithTags("Studio")
        .WithSummary("List the studios you belong to")
        .WithDescription("Returns all studios of the signed-in account, whichever studio its token names.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .WithoutStudio()
        .RequireScope(Scopes.StudiosRead);

    private static async Task<Results<Ok<Page<StudioMembershipResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Caller caller, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var account = caller.Account!.Digest;
        return await paging.OldestFirstAsync<Member, StudioMembershipResponse>(page, $"studios:{account}", db.AcrossTenants<Member>().Where(m => m.AccountDigest == account), async members =>
        {
            var ids = members.Select(m => m.TenantId).ToList();
            var studios = await db.AcrossTenants<Studio>().Where(s => ids.Contains(s.TenantId)).ToDictionaryAsync(s => s.TenantId, cancellation);
            return [.. members.Select(m => ToResponse(m.Role, studios[m.TenantId]))];
        }, cancellation);
    }

    private static StudioMembershipResponse ToResponse(StudioRole role, Studio studio) => new()
    {
        Id = studio.TenantId,
        Name = studio.Name,
        Slug = studio.Slug,
        IsSandbox = studio.IsSandbox,
        Role = role,
        Scopes = Scopes.OfRole(role),
    };
}
