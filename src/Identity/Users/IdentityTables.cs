using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Identity.Data;

namespace Proofsheet.Identity.Users;

/// <summary>The tables of ASP.NET Core Identity, with our naming.</summary>
internal sealed class IdentityTables
    : IEntityTypeConfiguration<IdentityUserLogin<string>>, IEntityTypeConfiguration<IdentityUserClaim<string>>,
        IEntityTypeConfiguration<IdentityUserToken<string>>, IEntityTypeConfiguration<IdentityUserPasskey<string>>
{
    public void Configure(EntityTypeBuilder<IdentityUserLogin<string>> builder)
    {
        builder.ToTable("user_logins");
        builder.Property(l => l.UserId).HasMaxLength(40).IsUnicode(false);
        builder.Property(l => l.LoginProvider).HasMaxLength(40).IsUnicode(false);
        builder.Property(l => l.ProviderKey).HasMaxLength(255);
    }

    public void Configure(EntityTypeBuilder<IdentityUserClaim<string>> builder)
    {
        builder.ToTable("user_claims");
        builder.Property(c => c.UserId).HasMaxLength(40).IsUnicode(false);
    }

    public void Configure(EntityTypeBuilder<IdentityUserToken<string>> builder)
    {
        builder.ToTable("user_tokens");
        builder.Property(t => t.UserId).HasMaxLength(40).IsUnicode(false);
        builder.Property(t => t.LoginProvider).HasMaxLength(40).IsUnicode(false);
        builder.Property(t => t.Name).HasMaxLength(80).IsUnicode(false);
    }

    // Mapped in full, because the base class maps passkeys only when a service provider is available that selects this schema version.
    public void Configure(EntityTypeBuilder<IdentityUserPasskey<string>> builder)
    {
        builder.ToTable("user_passkeys");
        builder.HasKey(p => p.CredentialId);
        // The maximum key length of SQL Server; authenticators create much shorter IDs.
        builder.Property(p => p.CredentialId).HasMaxLength(900);
        builder.Property(p => p.UserId).HasMaxLength(40).IsUnicode(false);
        builder.OwnsOne(p => p.Data).ToJson("data");
        builder.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade).IsRequired();
    }
}
