using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Identity.Data;

/// <summary>Someone with an account here. What they may do anywhere is not known here: that is the API's to say.</summary>
internal sealed class User : IdentityUser<string>, IIdentified
{
    /// <summary>The kind of a subject: <c>usr_…</c>, never used again for someone else.</summary>
    public static string Prefix => "usr";

    /// <summary>How they are greeted; as they typed it.</summary>
    public required string DisplayName { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Closed by staff: it may not sign in, and what it holds is worth nothing.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public static User Make(string email, string displayName, DateTimeOffset now) => new()
    {
        Id = Id<User>.New(now).ToString(),
        UserName = email,
        Email = email,
        DisplayName = displayName,
        CreatedAt = now,
        UpdatedAt = now,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> builder)
        {
            builder.ToTable("users");
            builder.Property(u => u.Id).HasMaxLength(40).IsUnicode(false);
            builder.Property(u => u.DisplayName).HasMaxLength(120);
            builder.Property(u => u.PasswordHash).HasMaxLength(200).IsUnicode(false);
            builder.Property(u => u.SecurityStamp).HasMaxLength(64).IsUnicode(false);
            builder.Property(u => u.ConcurrencyStamp).HasMaxLength(64).IsUnicode(false);
        }
    }
}
