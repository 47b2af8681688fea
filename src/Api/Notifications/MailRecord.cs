using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Notifications;

internal enum MailStatus
{
    Sent,

    /// <summary>It could not be sent yet, and will be tried again.</summary>
    Retrying,

    /// <summary>It is not tried again unless someone asks for it.</summary>
    Failed,
}

/// <summary>Records that an email was sent, so that a repeated event does not send it again, or why it was not.</summary>
internal sealed class MailRecord : ITenantOwned, IIdentified<MailRecord>
{
    private const int MaxFailure = 400;
    private const int MaxSubject = 500;

    public static string Prefix => "mail";

    public Id<Tenant> TenantId { get; init; }

    public required Id<MailRecord> Id { get; init; }

    /// <summary>An id as text: the order's or the selection's.</summary>
    public required string About { get; init; }

    public required string Kind { get; init; }

    /// <summary>The recipient and the subject of an email that was not sent; null if it was, or if it could not even be made.</summary>
    public string? Address { get; set; }

    public string? Subject { get; set; }

    public required MailStatus Status { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was sent or last failed.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>Why it was not sent; null if it was.</summary>
    public string? Failure { get; set; }

    /// <summary>The background work that makes the email; see <see cref="MailWork"/>.</summary>
    public string? Event { get; set; }

    public string? Handler { get; set; }

    public string? Payload { get; set; }

    /// <summary>Identifies the work.</summary>
    public string? WorkHash { get; set; }

    public void Do(MailWork work) => (Event, Handler, Payload, WorkHash) = (work.Event, work.Handler, work.Payload, work.Hash);

    public void Is(MailMessage mail) => (Address, Subject) = (mail.To.Address, mail.Subject[..Math.Min(mail.Subject.Length, MaxSubject)]);

    public void Sent(DateTimeOffset now)
    {
        (Status, At) = (MailStatus.Sent, now);
        (Address, Subject, Failure, Event, Handler, Payload, WorkHash) = (null, null, null, null, null, null, null);
    }

    public void NotSent(bool isFinal, string failure, DateTimeOffset now) =>
        (Status, At, Failure) = (isFinal ? MailStatus.Failed : MailStatus.Retrying, now, failure[..Math.Min(failure.Length, MaxFailure)]);

    internal sealed class Mapping : IEntityTypeConfiguration<MailRecord>
    {
        public void Configure(EntityTypeBuilder<MailRecord> builder)
        {
            builder.ToTable("mails");
            builder.Property(m => m.About).HasMaxLength(100).IsUnicode(false);
            builder.Property(m => m.Kind).HasMaxLength(40).IsUnicode(false);
            builder.Property(m => m.Address).HasMaxLength(254);
            builder.Property(m => m.Subject).HasMaxLength(MaxSubject);
            builder.Property(m => m.Failure).HasMaxLength(MaxFailure);
            builder.Property(m => m.Event).HasMaxLength(80).IsUnicode(false);
            builder.Property(m => m.Handler).HasMaxLength(120).IsUnicode(false);
            builder.Property(m => m.Payload).IsLong();
            builder.Property(m => m.WorkHash).HasMaxLength(64).IsUnicode(false);
            builder.HasIndex(m => new { m.TenantId, m.About, m.Kind }).IsUnique();
            builder.HasIndex(m => new { m.TenantId, m.Status });
        }
    }
}
