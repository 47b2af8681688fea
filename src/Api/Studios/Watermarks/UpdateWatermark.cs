using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Watermarks;

internal sealed record UpdateWatermarkRequest
{
    [OneLine, Required, StringLength(100)]
    public required string Name { get; init; }

    [StringLength(Watermark.MaxTextLength)]
    public required string? Text { get; init; }

    public required WatermarkPlacement Position { get; init; }

    [Range(0, 100)]
    public required int Opacity { get; init; }

    [Range(1, 100)]
    public required int SizePercent { get; init; }

    [RegularExpression(UpdateBrandingRequest.Color, ErrorMessage = UpdateBrandingRequest.ColorMessage)]
    public required string Color { get; init; }

    public required bool IsDefault { get; init; }

    /// <summary>The studio's own data about the watermark. A null value removes a key.</summary>
    [Metadata]
    public required IReadOnlyDictionary<string, string?> Metadata { get; init; }
}

internal static class UpdateWatermark
{
    public static void MapUpdateWatermark(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/watermarks/{watermarkId}", HandleAsync)
        .WithName("UpdateWatermark")
        .WithTags("Watermarks")
        .WithSummary("Change a watermark")
        .WithDescription("A JSON merge patch. Galleries that use the watermark show the change. The type cannot be changed.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<WatermarkResponse>, ProblemHttpResult>> HandleAsync(
        Id<Watermark> watermarkId, MergePatch<UpdateWatermarkRequest> patch, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var watermark = await db.Set<Watermark>().SingleOrDefaultAsync(w => w.Id == watermarkId, cancellation);
        if (watermark is null)
        {
            return Problems.NotFound("watermark");
        }

        if (!ETags.IfMatch(http, watermark))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(new UpdateWatermarkRequest
        {
            Name = watermark.Name,
            Text = watermark.Text,
            Position = watermark.Position,
            Opacity = watermark.OpacityPercent,
            SizePercent = watermark.SizePercent,
            Color = watermark.Color,
            IsDefault = watermark.IsDefault,
            Metadata = Metadata.Present(watermark.Metadata),
        });
        if (CreateWatermark.RefuseText(watermark.Type, wanted.Text) is { } refused)
        {
            return refused;
        }

        (watermark.Name, watermark.Text, watermark.Position) = (wanted.Name.Trim(), wanted.Text, wanted.Position);
        (watermark.OpacityPercent, watermark.SizePercent, watermark.Color) = (wanted.Opacity, wanted.SizePercent, wanted.Color);
        watermark.Metadata = Metadata.Kept(wanted.Metadata);
        watermark.IsDefault = wanted.IsDefault;
        if (watermark.IsDefault)
        {
            await db.EndOtherDefaultsAsync(watermark, cancellation);
        }

        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, watermark);
        return TypedResults.Ok(watermark.ToResponse());
    }
}
