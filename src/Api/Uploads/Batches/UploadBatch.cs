using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Api.Uploads.Tus;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Batches;

/// <summary>Files that were announced together.</summary>
internal sealed class UploadBatch : ITenantOwned, IIdentified
{
    public const int MaxFiles = 1_000;

    public static string Prefix => "upb";

    public Id<Tenant> TenantId { get; init; }

    public required Id<UploadBatch> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The batch is kept at least as long as any of its uploads.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public List<UploadBatchFile> Files { get; init; } = [];

    internal sealed class Mapping : IEntityTypeConfiguration<UploadBatch>
    {
        public void Configure(EntityTypeBuilder<UploadBatch> builder)
        {
            builder.ToTable("upload_batches");
            builder.HasIndex(b => b.ExpiresAt);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(b => new { b.TenantId, b.GalleryId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasMany(b => b.Files).WithOne().HasForeignKey(f => new { f.TenantId, f.BatchId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>One file of a batch, as it was answered when the batch was created. Later changes are recorded on its upload.</summary>
internal sealed class UploadBatchFile : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<UploadBatch> BatchId { get; init; }

    /// <summary>The file's index in the request, from 0.</summary>
    public required int Position { get; init; }

    /// <summary>As the client sent it, so that the client recognizes the file; never used as a path.</summary>
    public required string Path { get; init; }

    public required long Bytes { get; init; }

    public UploadOutcome Outcome { get; set; }

    /// <summary>The upload that takes the bytes; null if none are needed.</summary>
    public Id<Upload>? UploadId { get; set; }

    public Id<Photo>? PhotoId { get; set; }

    /// <summary>The position of an earlier file of the batch with the same bytes; this file shares its outcome.</summary>
    public int? SameAs { get; set; }

    public string? ProblemCode { get; set; }

    public string? ProblemDetail { get; set; }

    public void Refuse(IngestError refusal) => (Outcome, ProblemCode, ProblemDetail) = (UploadOutcome.Refused, refusal.Code, refusal.Detail);

    internal sealed class Mapping : IEntityTypeConfiguration<UploadBatchFile>
    {
        public void Configure(EntityTypeBuilder<UploadBatchFile> builder)
        {
            builder.ToTable("upload_batch_files");
            builder.HasKey(f => new { f.TenantId, f.BatchId, f.Position });
            builder.Property(f => f.Path).HasMaxLength(1024);
            builder.Property(f => f.ProblemCode).HasMaxLength(64).IsUnicode(false);
            builder.Property(f => f.ProblemDetail).HasMaxLength(500);
        }
    }
}
