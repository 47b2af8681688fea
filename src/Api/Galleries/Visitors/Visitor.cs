using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Visitors;

internal enum VisitorRole
{
    /// <summary>The person for whom the photographs were made.</summary>
    Main,

    Guest,

    /// <summary>Looks at work in progress.</summary>
    Reviewer,
}

/// <summary>A person in one gallery, on one device or several. Only a proven email address or an invitation links a visitor to a client of the studio.</summary>
internal sealed class Visitor : ITenantOwned, IIdentified<Visitor>, IVersioned, IAudited
{
    public static string Prefix => "vis";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Visitor> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    // Personal: stored only in this row, so that erasing the row erases it.
    [NotInAudit]
    public string? Name { get; set; }

    [NotInAudit]
    public string? Email { get; set; }

    /// <summary>When the visitor proved that they read the mailbox of <see cref="Email"/>.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; set; }

    public VisitorRole Role { get; private set; } = VisitorRole.Guest;

    public Id<Client>? ClientId { get; set; }

    /// <summary>The visitor that this one turned out to be: everything it had belongs to that one now.</summary>
    public Id<Visitor>? MergedInto { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    /// <summary>Keeps the known values if no new ones are given.</summary>
    public void Introduce(string? name, string? email)
    {
        Name = Clean(name) ?? Name;
        Address(EmailAddress.Read(email) ?? Email);
    }

    /// <summary>Sets the address that the visitor typed. Another address than before is not proven yet.</summary>
    public void Address(string? email)
    {
        if (email is null || Email is null || EmailAddress.Key(email) != EmailAddress.Key(Email))
        {
            EmailVerifiedAt = null;
        }

        Email = email;
    }

    /// <summary>
    /// Takes the role of an invitation, or of a visitor who turned out to be the same person. The main client stays that: a second invitation, with which
    /// less has to be proven, takes nothing away. Guest is also the role of those who were not invited, so it changes nothing.
    /// </summary>
    public void Take(VisitorRole role) => Role = Role == VisitorRole.Main || role == VisitorRole.Guest ? Role : role;

    /// <summary>
    /// The address as the caller may see it. Someone who was forwarded an invitation is the client's visitor too, but does not learn where the client reads
    /// mail.
    /// </summary>
    public string? EmailFor(Caller caller) => HidesAddressesFrom(caller) ? null : Email;

    /// <summary>Whether the caller is a device of the client's visitor on which no address of the client was proven.</summary>
    public bool HidesAddressesFrom(Caller caller) => caller.IsVisitor && ClientId is not null && !caller.IsConfirmed;

    /// <summary>Links the visitor to the client who proved that they read this mailbox.</summary>
    public void Prove(Client client, string email, DateTimeOffset now)
    {
        (ClientId, Email, EmailVerifiedAt) = (client.Id, email, now);
        Name ??= client.Name;
    }

    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal sealed class Mapping : IEntityTypeConfiguration<Visitor>
    {
        public void Configure(EntityTypeBuilder<Visitor> builder)
        {
            builder.ToTable("visitors");
            builder.Property(v => v.Name).HasMaxLength(100);
            builder.Property(v => v.Email).HasMaxLength(254);
            builder.HasIndex(v => new { v.TenantId, v.GalleryId, v.ClientId });
            builder.HasOne<Client>().WithMany().HasForeignKey(v => new { v.TenantId, v.ClientId }).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Gallery>().WithMany().HasForeignKey(v => new { v.TenantId, v.GalleryId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
