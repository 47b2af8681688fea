using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Countries;

namespace Proofsheet.Api.Studios;

internal sealed record UpdateStudioRequest
{
    [OneLine, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    [Country]
    public required string Country { get; init; }

    [StringLength(64, MinimumLength = 1)]
    public required string TimeZone { get; init; }
}

internal static class UpdateStudio
{
    public static void MapUpdateStudio(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/studio", HandleAsync)
        .WithName("UpdateStudio")
        .WithTags("Studio")
        .WithSummary("Change the studio")
        .WithDescription("A JSON merge patch. The currency and the slug cannot be changed.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<StudioResponse>, ProblemHttpResult>> HandleAsync(
        MergePatch<UpdateStudioRequest> patch, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var studio = await db.Set<Studio>().SingleAsync(cancellation);
        if (!ETags.IfMatch(http, studio))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(new UpdateStudioRequest { Name = studio.Name, Country = studio.Country, TimeZone = studio.TimeZone });
        if (!TimeZones.IsKnown(wanted.TimeZone))
        {
            return Problems.Rule("unknown_time_zone", "Send an IANA name as `timeZone`, such as Europe/Paris.", "timeZone");
        }

        (studio.Name, studio.Country, studio.TimeZone) = (wanted.Name.Trim(), wanted.Country, wanted.TimeZone);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, studio);
        return TypedResults.Ok(studio.ToResponse());
    }
}
