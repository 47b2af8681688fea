using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Brands;

internal static class DeleteLogo
{
    public static void MapDeleteLogo(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/studio/branding/logo", HandleAsync)
        .WithName("DeleteLogo")
        .WithTags("Studio")
        .WithSummary("Delete the studio's logo")
        .WithDescription("Refused while a watermark shows the logo. If there is no logo, nothing changes.")
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, TenantContext tenant, TimeProvider clock, CancellationToken cancellation)
    {
        var branding = await db.Set<Branding>().SingleOrDefaultAsync(cancellation);
        if (branding?.LogoSha256 is not { } old)
        {
            return TypedResults.NoContent();
        }

        if (await db.Set<Watermark>().AnyAsync(w => w.Type == WatermarkType.Logo, cancellation))
        {
            return Problems.Conflict("logo_in_use", "A watermark shows the logo. Delete that watermark with `DeleteWatermark` first, or set another logo with `PutLogo`.");
        }

        (branding.LogoSha256, branding.LogoWidth, branding.LogoHeight) = (null, null, null);
        db.Publish(tenant.Current, new LogoReplaced(old), clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
