using Microsoft.AspNetCore.Identity;
using Proofsheet.Identity.Data;

namespace Proofsheet.Identity.Users;

/// <summary>UserManager requires a hasher, but hashing here waits for its turn asynchronously, which the interface does not support.</summary>
internal sealed class UnusedPasswordHasher : IPasswordHasher<User>
{
    public string HashPassword(User user, string password) => throw new NotSupportedException("Hash by PasswordHashing.");

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword) =>
        throw new NotSupportedException("Verify by PasswordHashing.");
}
