using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Uploads.Batches;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

internal enum UploadStatus
{
    /// <summary>More bytes are expected.</summary>
    Open,

    /// <summary>All bytes have been received; the file is being put into the gallery.</summary>
    Finishing,

    /// <summary>The photo is in the gallery or, for a partial upload, all bytes have been received.</summary>
    Done,

    /// <summary>The file was refused; the problem says why.</summary>
    Refused,
}

/// <summary>
/// A file that is sent in pieces, over as many requests, processes and days as needed. Its row is changed only by single
/// statements, each of which checks who holds the lock.
/// </summary>
internal sealed class Upload : ITenantOwned, IIdentified
{
    public const int MaxParts = 10_000;

    public static string Prefix => "upl";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Upload> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public Id<Section>? SectionId { get; init; }

    public Id<UploadBatch>? BatchId { get; init; }

    public string? UploadGroup { get; init; }

    public required string FileName { get; init; }

    public string? Title { get; init; }

    public string? Caption { get; init; }

    /// <summary>The SHA-256 that the client announced; the file is refused if its bytes do not match.</summary>
    public string? Sha256 { get; init; }

    /// <summary>In bytes; null until the client has declared the length.</summary>
    public long? Length { get; set; }

    /// <summary>How many bytes are stored, counted from the beginning without gaps.</summary>
    public long Offset { get; set; }

    /// <summary>The upload is one piece of a file, to be joined by another upload.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The upload that this piece was joined into.</summary>
    public Id<Upload>? FinalId { get; init; }

    /// <summary>The piece's position in that upload, from 0.</summary>
    public int FinalPosition { get; init; }

    /// <summary>True if the upload joins partial uploads; it receives no bytes itself.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Finishing is never stored; it is derived from the bytes.</summary>
    public UploadStatus Status { get; set; } = UploadStatus.Open;

    public UploadOutcome? Outcome { get; set; }

    public Id<Photo>? PhotoId { get; set; }

    public int? ProblemStatus { get; set; }

    public string? ProblemCode { get; set; }

    public string? ProblemDetail { get; set; }

    /// <summary>The request that is writing. If that request dies, its lock ends at <see cref="LockUntil"/>.</summary>
    public string? LockOwner { get; init; }

    public DateTimeOffset? LockUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public bool IsWhole => Offset == Length;

    /// <summary>A whole file of which nothing has been received, so it may be sent to the object store directly.</summary>
    public bool MayGoDirectly => Status == UploadStatus.Open && Offset == 0 && Length > 0 && !IsPartial && !IsFinal;

    /// <summary>All bytes have been received, but the photo was not saved because of a crash or a full disk.</summary>
    public bool WaitsToBeFinished => Status == UploadStatus.Open && IsWhole && !IsPartial;

    /// <summary>The same, as a database query.</summary>
    public static Expression<Func<Upload, bool>> Waiting { get; } = u => u.Status == UploadStatus.Open && u.Offset == u.Length && !u.IsPartial;

    public UploadStatus ShownStatus => Status != UploadStatus.Open || !IsWhole ? Status : IsPartial ? UploadStatus.Done : UploadStatus.Finishing;

    public IngestError? Refusal => Status == UploadStatus.Refused ? new(ProblemStatus!.Value, ProblemCode!, ProblemDetail!) : null;

    internal sealed class Mapping : IEntityTypeConfiguration<Upload>
    {
        public void Configure(EntityTypeBuilder<Upload> builder)
        {
            builder.ToTable("uploads");
            builder.Property(u => u.FileName).HasMaxLength(FileNames.MaxLength);
            builder.Property(u => u.UploadGroup).HasMaxLength(64).IsUnicode(false);
            builder.Property(u => u.Title).HasMaxLength(300);
            builder.Property(u => u.Caption).HasMaxLength(2000);
            builder.Property(u => u.Sha256).HasMaxLength(64).IsUnicode(false);
            builder.Property(u => u.ProblemCode).HasMaxLength(64).IsUnicode(false);
            builder.Property(u => u.ProblemDetail).HasMaxLength(500);
            builder.Property(u => u.LockOwner).HasMaxLength(32).IsUnicode(false);
            builder.HasIndex(u => new { u.TenantId, u.FinalId });
            builder.HasIndex(u => new { u.TenantId, u.BatchId });
            builder.HasIndex(u => u.ExpiresAt);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(u => new { u.TenantId, u.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Section>().WithMany().HasForeignKey(u => new { u.TenantId, u.SectionId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Photo>().WithMany().HasForeignKey(u => new { u.TenantId, u.PhotoId }).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Some bytes of an upload, stored as an object. They count once this row is saved.</summary>
internal sealed class UploadPart : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<Upload> UploadId { get; init; }

    /// <summary>The position of its first byte in the upload.</summary>
    public required long Offset { get; init; }

    public required long Length { get; init; }

    /// <summary>The last segment of the object's key. It is unique for each attempt, so a late writer overwrites nothing.</summary>
    public required string Name { get; init; }

    public required string Sha256 { get; init; }

    public required long Crc32 { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<UploadPart>
    {
        public void Configure(EntityTypeBuilder<UploadPart> builder)
        {
            builder.ToTable("upload_parts");
            builder.HasKey(p => new { p.TenantId, p.UploadId, p.Offset });
            builder.Property(p => p.Name).HasMaxLength(64).IsUnicode(false);
            builder.Property(p => p.Sha256).HasMaxLength(64).IsUnicode(false);
            builder.HasOne<Upload>().WithMany().HasForeignKey(p => new { p.TenantId, p.UploadId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
