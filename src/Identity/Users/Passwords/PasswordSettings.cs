using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Identity.Users.Passwords;

/// <summary>The section <c>Passwords</c>.</summary>
internal sealed class PasswordSettings
{
    /// <summary>The cost of bcrypt: each step doubles the work. After raising it, passwords are rehashed at the next sign-in.</summary>
    [Range(10, 16)]
    public int Cost { get; init; } = 12;

    /// <summary>How many passwords are hashed at a time; 0: half the number of processors, so that the machine stays responsive.</summary>
    [Range(0, 64)]
    public int HashesAtATime { get; init; }

    /// <summary>How many may wait for their turn. Further requests are told to retry later.</summary>
    [Range(1, 10_000)]
    public int MaxWaiting { get; init; } = 32;

    /// <summary>
    /// The URL of a service that takes five hexadecimal digits of a password's SHA-1 after it, and returns the remaining digits of the leaked hashes, such
    /// as https://api.pwnedpasswords.com/range/. Empty: passwords are not checked.
    /// </summary>
    public string? BreachRangeUrl { get; init; }

    [Range(1, 10_000)]
    public int BreachTimeoutMilliseconds { get; init; } = 1_000;
}
