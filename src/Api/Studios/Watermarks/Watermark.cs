using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Watermarks;

internal enum WatermarkType
{
    Text,

    /// <summary>The current logo of the studio's branding.</summary>
    Logo,
}

internal enum WatermarkPlacement
{
    TopLeft,
    Top,
    TopRight,
    Left,
    Center,
    Right,
    BottomLeft,
    Bottom,
    BottomRight,

    /// <summary>Repeated over the whole photo.</summary>
    Tiled,
}

/// <summary>A preset for what visitors see on photos that they have not bought.</summary>
internal sealed class Watermark : ITenantOwned, IVersioned, IIdentified<Watermark>, IAudited
{
    public const int MaxTextLength = 120;

    public static string Prefix => "wmk";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Watermark> Id { get; init; }

    public required string Name { get; set; }

    public required WatermarkType Type { get; init; }

    /// <summary>The text of a text watermark; null for logos.</summary>
    public string? Text { get; set; }

    public required WatermarkPlacement Position { get; set; }

    /// <summary>From 0 (invisible) to 100 (opaque).</summary>
    public required int OpacityPercent { get; set; }

    /// <summary>The width in percent of the photo's width.</summary>
    public required int SizePercent { get; set; }

    /// <summary>The color of a text, as #rrggbb.</summary>
    public required string Color { get; set; }

    /// <summary>Used for new galleries. A studio has at most one default.</summary>
    public bool IsDefault { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    // Visible to the studio only, and may be personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Watermark>
    {
        public void Configure(EntityTypeBuilder<Watermark> builder)
        {
            builder.ToTable("watermarks");
            builder.Property(e => e.Metadata).IsJson();
            builder.Property(w => w.Name).HasMaxLength(100);
            builder.Property(w => w.Text).HasMaxLength(MaxTextLength);
            builder.Property(w => w.Color).HasMaxLength(7).IsUnicode(false);
        }
    }
}
