using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Selections;

internal enum SelectionStatus
{
    Open,

    /// <summary>The visitor is done; the studio may reopen it.</summary>
    Submitted,

    /// <summary>The studio is working on it; the visitor can no longer change it.</summary>
    Locked,
}

/// <summary>A visitor's list of photos in one gallery.</summary>
internal sealed class Selection : ITenantOwned, ILockable, IIdentified<Selection>, IVersioned, IAudited
{
    public const int MaxPerVisitor = 20;

    public static string Prefix => "sel";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Selection> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required Id<Visitor> VisitorId { get; set; }

    public required string Name { get; set; }

    public string? Note { get; set; }

    public SelectionStatus Status { get; private set; } = SelectionStatus.Open;

    public DateTimeOffset? SubmittedAt { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Also updated by every pick, in the statement that locks the row: see <see cref="PickPhoto"/>.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    public long LockVersion { get; init; }

    public long Version { get; init; }

    public void Submit(DateTimeOffset now) => (Status, SubmittedAt) = (SelectionStatus.Submitted, now);

    public void Lock() => Status = SelectionStatus.Locked;

    public void Reopen() => (Status, SubmittedAt) = (SelectionStatus.Open, null);

    internal sealed class Mapping : IEntityTypeConfiguration<Selection>
    {
        public void Configure(EntityTypeBuilder<Selection> builder)
        {
            builder.ToTable("selections");
            builder.Property(s => s.Name).HasMaxLength(100);
            builder.Property(s => s.Note).HasMaxLength(2000);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(s => new { s.TenantId, s.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Visitor>().WithMany().HasForeignKey(s => new { s.TenantId, s.VisitorId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>One photo of a selection.</summary>
internal sealed class Pick : ITenantOwned, IAudited
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<Selection> SelectionId { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    /// <summary>The number of the photo version that was shown when it was picked.</summary>
    public required int PhotoVersion { get; init; }

    public string? Note { get; set; }

    public required DateTimeOffset PickedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Pick>
    {
        public void Configure(EntityTypeBuilder<Pick> builder)
        {
            builder.ToTable("picks");
            builder.HasKey(p => new { p.TenantId, p.SelectionId, p.PhotoId });
            builder.Property(p => p.Note).HasMaxLength(1000);
            builder.HasOne<Selection>().WithMany().HasForeignKey(p => new { p.TenantId, p.SelectionId }).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Photo>().WithMany().HasForeignKey(p => new { p.TenantId, p.PhotoId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
