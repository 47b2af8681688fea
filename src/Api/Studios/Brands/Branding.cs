using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Data;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Brands;

/// <summary>How a studio looks to its clients. Saved at the first change; until then it is the default of <see cref="Of"/>.</summary>
internal sealed class Branding : ITenantOwned, IVersioned, IAudited
{
    public Id<Tenant> TenantId { get; init; }

    /// <summary>The name that clients see.</summary>
    public required string Name { get; set; }

    public string? Tagline { get; set; }

    /// <summary>Colors as #rrggbb. The default colors satisfy WCAG's contrast requirement.</summary>
    public string PrimaryColor { get; set; } = "#1f2a37";

    public string AccentColor { get; set; } = "#9a5b2f";

    public string BackgroundColor { get; set; } = "#ffffff";

    public string TextColor { get; set; } = "#1c1917";

    public string HeadingFont { get; set; } = Fonts.DefaultHeading;

    public string BodyFont { get; set; } = Fonts.DefaultBody;

    public string? WelcomeText { get; set; }

    public string? FooterText { get; set; }

    public string? WebsiteUrl { get; set; }

    public string? ContactEmail { get; set; }

    /// <summary>The SHA-256 of the logo's bytes as served: part of its key in the store and of its URL.</summary>
    public string? LogoSha256 { get; set; }

    public int? LogoWidth { get; set; }

    public int? LogoHeight { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    /// <summary>The key of the logo; null without a logo.</summary>
    public ObjectKey? LogoKey => LogoSha256 is null ? null : LogoKeyOf(TenantId, LogoSha256);

    public static ObjectKey LogoKeyOf(Id<Tenant> studio, string sha256) => ObjectKey.Of(studio.ToString(), "logos", $"{sha256}.png");

    public static Branding Of(Studio studio) => new() { Name = studio.Name };

    internal sealed class Mapping : IEntityTypeConfiguration<Branding>
    {
        public void Configure(EntityTypeBuilder<Branding> builder)
        {
            builder.ToTable("brandings");
            builder.HasKey(b => b.TenantId);
            builder.Ignore(b => b.LogoKey);
            builder.Property(b => b.TenantId).ValueGeneratedNever();
            builder.Property(b => b.Name).HasMaxLength(100);
            builder.Property(b => b.Tagline).HasMaxLength(200);
            foreach (var color in (string[])[nameof(PrimaryColor), nameof(AccentColor), nameof(BackgroundColor), nameof(TextColor)])
            {
                builder.Property(color).HasMaxLength(7).IsUnicode(false);
            }

            builder.Property(b => b.HeadingFont).HasMaxLength(64).IsUnicode(false);
            builder.Property(b => b.BodyFont).HasMaxLength(64).IsUnicode(false);
            builder.Property(b => b.WelcomeText).HasMaxLength(2000);
            builder.Property(b => b.FooterText).HasMaxLength(1000);
            builder.Property(b => b.WebsiteUrl).HasMaxLength(400);
            builder.Property(b => b.ContactEmail).HasMaxLength(254);
            builder.Property(b => b.LogoSha256).HasMaxLength(64).IsUnicode(false);
            builder.HasOne<Studio>().WithOne().HasForeignKey<Branding>(b => b.TenantId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

internal static class BrandingExtensions
{
    /// <summary>The studio's branding; unsaved and untracked if it was never changed.</summary>
    public static async Task<Branding> BrandingAsync(this ProofsheetDb db, CancellationToken cancellation) =>
        await db.Set<Branding>().AsNoTracking().SingleOrDefaultAsync(cancellation)
        ?? Branding.Of(await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation));

    /// <summary>The branding to change: tracked, and new if it was never changed.</summary>
    public static async Task<Branding> BrandingToChangeAsync(this ProofsheetDb db, CancellationToken cancellation)
    {
        if (await db.Set<Branding>().SingleOrDefaultAsync(cancellation) is { } branding)
        {
            return branding;
        }

        branding = Branding.Of(await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation));
        db.Add(branding);
        return branding;
    }
}
