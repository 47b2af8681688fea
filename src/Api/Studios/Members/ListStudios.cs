using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

/// <summary>A studio of the signed-in account, and what it is there.</summary>
internal sealed record StudioMembershipResponse
{
    public required Id<Tenant> Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Sign in with <c>acr_values=tenant:</c> and this, to work in the studio.</summary>
    public required string Slug { get; init; }

    public required bool Sandbox { get; init; }

    public required StudioRole Role { get; init; }

    /// <summary>What the role may do at most.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
}

internal static class ListStudios
{
    public static void MapListStudios(this IEndpointRouteBuilder routes) => routes
        .MapGet("/studios", HandleAsync)
        .WithName("ListStudios")
        .WithTags("Studio")
        .WithSummary("List the studios you belong to")
        .WithDescription("Of the signed-in account; whatever studio its token names.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .WithoutStudio()
        .RequireScope(Scopes.StudiosRead);

    private static async Task<Results<Ok<Page<StudioMembershipResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Caller caller, Cursors cursors, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        var account = caller.Account!.Digest;
        var list = $"studios:{account}";
        if (!cursors.TryRead(list, cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var members = db.AcrossTenants<Member>().Where(m => m.AccountDigest == account);
        if (after is not null)
        {
            var last = Id<Member>.FromStored(after);
            members = members.Where(m => m.Id > last);
        }

        var rows = await members.OrderBy(m => m.Id).Take(size + 1)
            .Join(db.AcrossTenants<Studio>(), m => m.TenantId, s => s.TenantId, (m, s) => new { m.Id, m.Role, Studio = s })
            .OrderBy(r => r.Id).ToListAsync(cancellation);
        return TypedResults.Ok(Page<StudioMembershipResponse>.From(
            rows,
            size,
            r => new StudioMembershipResponse
            {
                Id = r.Studio.TenantId, Name = r.Studio.Name, Slug = r.Studio.Slug, Sandbox = r.Studio.IsSandbox, Role = r.Role, Scopes = Scopes.OfRole(r.Role),
            },
            r => cursors.Write(list, r.Id.ToStored())));
    }
}
