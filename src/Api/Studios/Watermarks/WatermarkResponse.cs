using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Watermarks;

internal sealed record WatermarkResponse
{
    public required Id<Watermark> Id { get; init; }

    public required string Name { get; init; }

    /// <summary>A logo watermark shows the logo of the studio's branding.</summary>
    public required WatermarkType Type { get; init; }

    /// <summary>Null for logos.</summary>
    public required string? Text { get; init; }

    public required WatermarkPlacement Position { get; init; }

    /// <summary>In percent: 0 is invisible, 100 is opaque.</summary>
    public required int Opacity { get; init; }

    /// <summary>The width in percent of the photo's width; for a tiled watermark, the width of one tile.</summary>
    public required int SizePercent { get; init; }

    /// <summary>The color of a text, as #rrggbb.</summary>
    public required string Color { get; init; }

    /// <summary>Whether new galleries use this watermark.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>The studio's own data about the watermark.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class WatermarkResponses
{
    public static WatermarkResponse ToResponse(this Watermark watermark) => new()
    {
        Id = watermark.Id,
        Name = watermark.Name,
        Type = watermark.Type,
        Text = watermark.Text,
        Position = watermark.Position,
        Opacity = watermark.OpacityPercent,
        SizePercent = watermark.SizePercent,
        Color = watermark.Color,
        IsDefault = watermark.IsDefault,
        Metadata = watermark.Metadata,
        CreatedAt = watermark.CreatedAt,
        UpdatedAt = watermark.UpdatedAt,
    };
}
