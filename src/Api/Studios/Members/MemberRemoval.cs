using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;

namespace Proofsheet.Api.Studios.Members;

internal static class MemberRemoval
{
    public static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(ProofsheetDb db, Member member, CancellationToken cancellation)
    {
        if (await MemberRules.RefuseLastOwnerAsync(db, member, cancellation) is { } refusal)
        {
            return refusal;
        }

        db.Remove(member);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
