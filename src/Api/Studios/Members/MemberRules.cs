using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Studios.Members;

/// <summary>Who may make whom what. The scope settings:write is that of owners, admins and keys; here is what is only an owner's.</summary>
internal static class MemberRules
{
    /// <summary>Only owners touch owners. A studio without any, made by the platform, gets its first one from an admin or a key.</summary>
    public static async Task<ProblemHttpResult?> RefuseAsync(ProofsheetDb db, Caller caller, bool concernsOwner, CancellationToken cancellation) =>
        !concernsOwner || caller.Role == StudioRole.Owner || !await db.Set<Member>().AnyAsync(m => m.Role == StudioRole.Owner, cancellation)
            ? null
            : Problems.Forbidden("owner_only", "Only owners can add, change or remove owners.");

    /// <summary>Before an owner goes or becomes less: another one has to stay.</summary>
    public static async Task<ProblemHttpResult?> RefuseLastOwnerAsync(ProofsheetDb db, Member leaving, CancellationToken cancellation)
    {
        if (leaving.Role != StudioRole.Owner)
        {
            return null;
        }

        // Owners who go at the same moment each see the others. All of them change the studio, whose version is read before the owners
        // are: whoever commits in between makes the later save fail.
        var studio = await db.Set<Studio>().SingleAsync(cancellation);
        if (!await db.Set<Member>().AnyAsync(m => m.Role == StudioRole.Owner && m.Id != leaving.Id, cancellation))
        {
            return Problems.Conflict("last_owner", "A studio needs at least one owner. Make another member an owner with `UpdateMember` first.");
        }

        db.Entry(studio).State = EntityState.Modified;
        return null;
    }
}
