using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Studios.Members;

/// <summary>Who may give which role to whom. Owners, admins and keys have the scope settings:write; these are the rules for owners only.</summary>
internal static class MemberRules
{
    /// <summary>Only owners can change owners. A studio without owners, created by the platform, gets its first one from an admin or a key.</summary>
    public static async Task<ProblemHttpResult?> RefuseAsync(ProofsheetDb db, Caller caller, bool concernsOwner, CancellationToken cancellation) =>
        !concernsOwner || caller.Role == StudioRole.Owner || !await db.Set<Member>().AnyAsync(m => m.Role == StudioRole.Owner, cancellation)
            ? null
            : Problems.Forbidden("owner_only", "Only owners can add, change or remove owners.");

    /// <summary>Checked before an owner leaves or gets a lower role: another owner has to remain.</summary>
    public static async Task<ProblemHttpResult?> RefuseLastOwnerAsync(ProofsheetDb db, Member leaving, CancellationToken cancellation)
    {
        if (leaving.Role != StudioRole.Owner)
        {
            return null;
        }

        // Owners who leave at the same moment each see the others. Therefore all of them change the studio, whose version is read before the
        // owners are: if another one commits in between, the later save fails.
        var studio = await db.Set<Studio>().SingleAsync(cancellation);
        if (!await db.Set<Member>().AnyAsync(m => m.Role == StudioRole.Owner && m.Id != leaving.Id, cancellation))
        {
            return Problems.Conflict("last_owner", "A studio needs at least one owner. Make another member an owner with `UpdateMember` first.");
        }

        db.Entry(studio).State = EntityState.Modified;
        return null;
    }
}
