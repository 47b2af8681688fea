using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Clients.Consents;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Clients;

/// <summary>A studio's customer. No two clients of a studio share an email address; clients of different studios have nothing to do with each other.</summary>
internal sealed class Client : ITenantOwned, ILockable, IIdentified<Client>, IVersioned, IAudited
{
    public const int MaxEmails = 10;
    public const int MaxAddresses = 5;

    public static string Prefix => "cli";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Client> Id { get; init; }

    [NotInAudit]
    public string? Name { get; set; }

    /// <summary>The first one is where mails are sent.</summary>
    public List<ClientEmail> Emails { get; init; } = [];

    [NotInAudit]
    public List<ClientAddress> Addresses { get; set; } = [];

    /// <summary>E.164, for example <c>+4930123456</c>.</summary>
    [NotInAudit]
    public string? Phone { get; set; }

    /// <summary>A BCP 47 language tag.</summary>
    public string? Language { get; set; }

    [NotInAudit]
    public List<string> Tags { get; set; } = [];

    /// <summary>The studio's own note. The client never sees it.</summary>
    [NotInAudit]
    public string? Note { get; set; }

    public List<ClientConsent> Consents { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long LockVersion { get; init; }

    public long Version { get; init; }

    /// <summary>Makes these the client's email addresses, in this order. Addresses that stay keep the time at which they were verified.</summary>
    /// <param name="addresses">Valid and without duplicates.</param>
    public void SetEmails(IReadOnlyList<string> addresses)
    {
        Emails.RemoveAll(e => !addresses.Any(a => EmailAddress.Key(a) == e.Key));
        for (var i = 0; i < addresses.Count; i++)
        {
            var email = Emails.Find(e => e.Key == EmailAddress.Key(addresses[i]));
            if (email is null)
            {
                Emails.Add(email = new ClientEmail { ClientId = Id, Key = EmailAddress.Key(addresses[i]), Address = "" });
            }

            (email.Address, email.Position) = (EmailAddress.Read(addresses[i]), i);
        }

        Emails.Sort((a, b) => a.Position.CompareTo(b.Position));
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Client>
    {
        public void Configure(EntityTypeBuilder<Client> builder)
        {
            builder.ToTable("clients");
            builder.Property(c => c.Name).HasMaxLength(100);
            builder.Property(c => c.Phone).HasMaxLength(16).IsUnicode(false);
            builder.Property(c => c.Language).HasMaxLength(10).IsUnicode(false);
            builder.Property(c => c.Addresses).IsJson();
            builder.Property(c => c.Tags).IsJson();
            builder.Property(c => c.Note).HasMaxLength(4000);
            builder.HasMany(c => c.Emails).WithOne().HasForeignKey(e => new { e.TenantId, e.ClientId }).OnDelete(DeleteBehavior.Cascade);
            builder.HasMany(c => c.Consents).WithOne().HasForeignKey(e => new { e.TenantId, e.ClientId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>One email address of a client.</summary>
internal sealed class ClientEmail : ITenantOwned
{
    public Id<Tenant> TenantId { get; init; }

    public required Id<Client> ClientId { get; init; }

    /// <summary>As mails are sent to it.</summary>
    public required string Address { get; set; }

    /// <summary>As it is compared: see <see cref="EmailAddress.Key"/>. Unique in the studio.</summary>
    public required string Key { get; init; }

    public int Position { get; set; }

    /// <summary>When someone proved that they read this mailbox, with a code that was sent to it.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ClientEmail>
    {
        public void Configure(EntityTypeBuilder<ClientEmail> builder)
        {
            builder.ToTable("client_emails");
            builder.Property(e => e.Address).HasMaxLength(EmailAddress.MaxLength);
            builder.Property(e => e.Key).HasMaxLength(EmailAddress.MaxLength);
            builder.HasKey(e => new { e.TenantId, e.Key });
        }
    }
}
