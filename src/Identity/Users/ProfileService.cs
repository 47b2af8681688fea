using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Users;

internal sealed class ProfileService(IdentityDb db) : IProfileService
{
    public Task<Profile?> FindAsync(string subject, CancellationToken cancellation) => db.Users.AsNoTracking()
        .Where(u => u.Id == subject)
        .Select(u => new Profile
        {
            Subject = u.Id,
            IsActive = u.DisabledAt == null && u.EmailConfirmed,
            Name = u.DisplayName,
            Email = u.Email,
            EmailVerified = u.EmailConfirmed,
            UpdatedAt = u.UpdatedAt,
        })
        .SingleOrDefaultAsync(cancellation);
}
