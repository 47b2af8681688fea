using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Watermarks;

internal sealed record CreateWatermarkRequest
{
    /// <summary>A name for people, shown in lists.</summary>
    [OneLine, Required, StringLength(100)]
    public required string Name { get; init; }

    public required WatermarkType Type { get; init; }

    /// <summary>The text of a text watermark; not allowed for logos.</summary>
    [StringLength(Watermark.MaxTextLength)]
    public string? Text { get; init; }

    public WatermarkPlacement Position { get; init; } = WatermarkPlacement.BottomRight;

    /// <summary>In percent: 0 is invisible, 100 is opaque.</summary>
    [Range(0, 100)]
    public int Opacity { get; init; } = 50;

    /// <summary>The width of the watermark in percent of the photo's width.</summary>
    [Range(1, 100)]
    public int SizePercent { get; init; } = 25;

    [RegularExpression(UpdateBrandingRequest.Color, ErrorMessage = UpdateBrandingRequest.ColorMessage)]
    public string Color { get; init; } = "#ffffff";

    /// <summary>True to use this watermark for new galleries, in place of the previous default.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The studio's own data about the watermark, such as its id in another system.</summary>
    [Metadata]
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }
}

internal static class CreateWatermark
{
    public static void MapCreateWatermark(this IEndpointRouteBuilder routes) => routes
        .MapPost("/watermarks", HandleAsync)
        .WithName("CreateWatermark")
        .WithTags("Watermarks")
        .WithSummary("Create a watermark")
        .WithDescription("Either a text, or the logo of the studio's branding, which must be set first.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Created<WatermarkResponse>, ProblemHttpResult>> HandleAsync(
        CreateWatermarkRequest request, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        if (RefuseText(request.Type, request.Text) is { } refused)
        {
            return refused;
        }

        if (request.Type == WatermarkType.Logo && (await db.BrandingAsync(cancellation)).LogoSha256 is null)
        {
            return Problems.Rule("logo_missing", "The studio has no logo yet. Set it first with `PutLogo`.", "type");
        }

        var now = clock.GetUtcNow();
        var watermark = new Watermark
        {
            Id = Id<Watermark>.New(now),
            Name = request.Name.Trim(),
            Type = request.Type,
            Text = request.Text,
            Position = request.Position,
            OpacityPercent = request.Opacity,
            SizePercent = request.SizePercent,
            Color = request.Color,
            IsDefault = request.IsDefault,
            Metadata = Metadata.Kept(request.Metadata),
            CreatedAt = now,
        };
        if (watermark.IsDefault)
        {
            await db.EndOtherDefaultsAsync(watermark, cancellation);
        }

        db.Add(watermark);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, watermark);
        return TypedResults.Created($"/v1/watermarks/{watermark.Id}", watermark.ToResponse());
    }

    public static ProblemHttpResult? RefuseText(WatermarkType type, string? text) => (type, string.IsNullOrWhiteSpace(text)) switch
    {
        (WatermarkType.Text, true) => Problems.Rule("watermark_text_required", "A text watermark needs a text.", "text"),
        (WatermarkType.Logo, false) => Problems.Rule("watermark_text_not_wanted", "A logo watermark has no text.", "text"),
        (WatermarkType.Text, false) when Letters.MissingIn(text!) is { } letter =>
            Problems.Rule("watermark_letter_missing", $"No font on this server has the character {letter} (U+{letter.Value:X4}). Leave it out, or ask the operator to install a font for it.", "text"),
        _ => null,
    };

    public static async Task EndOtherDefaultsAsync(this ProofsheetDb db, Watermark watermark, CancellationToken cancellation)
    {
        foreach (var other in await db.Set<Watermark>().Where(w => w.IsDefault && w.Id != watermark.Id).ToListAsync(cancellation))
        {
            other.IsDefault = false;
        }
    }
}
