using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Codes;

/// <summary>Six digits that were sent to an email address: whoever returns them reads the mailbox.</summary>
internal sealed class EmailCode : ITenantOwned, IIdentified<EmailCode>
{
    public const int MaxTries = 5;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static string Prefix => "ecd";

    public Id<Tenant> TenantId { get; init; }

    public required Id<EmailCode> Id { get; init; }

    /// <summary>What is proven, for example <c>order:ord_…</c>.</summary>
    public required string Subject { get; init; }

    public required string Email { get; init; }

    /// <summary>Keyed, because six digits could be found from a plain hash.</summary>
    public required string CodeHash { get; init; }

    public int TriesLeft { get; set; } = MaxTries;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<EmailCode>
    {
        public void Configure(EntityTypeBuilder<EmailCode> builder)
        {
            builder.ToTable("email_codes");
            builder.Property(c => c.Subject).HasMaxLength(80).IsUnicode(false);
            builder.Property(c => c.Email).HasMaxLength(EmailAddress.MaxLength);
            builder.Property(c => c.CodeHash).HasMaxLength(64).IsUnicode(false);
            builder.HasIndex(c => new { c.TenantId, c.Subject });
            builder.HasIndex(c => c.ExpiresAt);
        }
    }
}

/// <summary>A code is to be sent.</summary>
/// <param name="About">What the code opens, for the mail's text: a gallery's title or an order's number.</param>
/// <param name="SealedCode">Encrypted, because the outbox must not contain secrets.</param>
internal sealed record EmailCodeIssued(Id<EmailCode> CodeId, string About, byte[] SealedCode) : IOutboxEvent
{
    public static string EventName => "galleries.email_code_issued";
}
