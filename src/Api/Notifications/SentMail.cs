using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Notifications;

/// <summary>Records that an email was sent, so that a repeated event does not send it again.</summary>
internal sealed class SentMail : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    /// <summary>An id as text: the order's or the selection's.</summary>
    public required string About { get; init; }

    public required string Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why it could not be sent at all; null if it was sent.</summary>
    public string? Failure { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<SentMail>
    {
        public void Configure(EntityTypeBuilder<SentMail> builder)
        {
            builder.ToTable("sent_mails");
            builder.Property(m => m.About).HasMaxLength(64).IsUnicode(false);
            builder.Property(m => m.Kind).HasMaxLength(40).IsUnicode(false);
            builder.HasKey(m => new { m.TenantId, m.About, m.Kind });
        }
    }
}
