using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Identity.Data;

/// <summary>A person with an account at this authority. What they may do is not known here; the API decides that.</summary>
internal sealed class User : IdentityUser<string>, IIdentified
{
    /// <summary>The prefix of a subject: <c>usr_…</c>. A subject is never reused for another person.</summary>
    public static string Prefix => "usr";

    /// <summary>The name shown to the user, as they typed it.</summary>
    public required string DisplayName { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Disabled by staff: the account cannot sign in, and its sessions and tokens are invalid.</summary>
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
