using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Identity.Users.Passwords;

/// <summary>The section <c>Passwords</c>.</summary>
internal sealed class PasswordSettings
{
    /// <summary>bcrypt's cost: each step doubles the work. Raising it hashes again at the next sign-in.</summary>
    [Range(10, 16)]
    public int Cost { get; init; } = 12;

    /// <summary>How many are hashed at a time; 0: one for each two processors, so that the rest of the machine goes on.</summary>
    [Range(0, 64)]
    public int HashesAtATime { get; init; }

    /// <summary>How many wait for their turn. Whoever comes then is told to come again.</summary>
    [Range(1, 10_000)]
    public int MaxWaiting { get; init; } = 32;

    /// <summary>
    /// A service that takes five hexadecimal digits of a password's SHA-1 after this address and answers the rest of those it knows,
    /// such as https://api.pwnedpasswords.com/range/. Empty: nobody is asked.
    /// </summary>
    public string? BreachRangeUrl { get; init; }

    [Range(1, 10_000)]
    public int BreachTimeoutMilliseconds { get; init; } = 1_000;
}
