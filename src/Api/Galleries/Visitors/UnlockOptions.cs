using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>
/// How many wrong guesses and new visitors are allowed: the section <c>Galleries:Unlock</c>. An address is an IPv4 address or a /64 of IPv6. What the
/// figures are worth against a PIN of six digits is worked out in decision 37.
/// </summary>
internal sealed class UnlockOptions
{
    /// <summary>Wrong guesses from one address at one gallery per window. The same figure, counted apart, holds for slugs that do not exist.</summary>
    [Range(1, 100_000)]
    public int FailuresPerAddress { get; init; } = 10;

    [Range(1, 1_440)]
    public int AddressWindowMinutes { get; init; } = 15;

    /// <summary>Wrong guesses from one address per hour at all galleries: against one popular PIN that is tried everywhere.</summary>
    [Range(1, 1_000_000)]
    public int FailuresPerAddressEverywhere { get; init; } = 300;

    /// <summary>Wrong guesses at one gallery per hour, from all addresses. With the last of them the studio is told, and strangers get fewer guesses.</summary>
    [Range(1, 100_000)]
    public int GuessBudget { get; init; } = 50;

    /// <summary>Wrong guesses at all galleries of all studios per hour, with the same effect for all galleries; more than that is an attack on the installation.</summary>
    [Range(1, 10_000_000)]
    public int GuessBudgetOverall { get; init; } = 10_000;

    /// <summary>Instead of <see cref="FailuresPerAddress"/>, once a budget is used up.</summary>
    [Range(1, 100_000)]
    public int FailuresPerStranger { get; init; } = 3;

    [Range(1, 1_440)]
    public int StrangerWindowMinutes { get; init; } = 5;

    /// <summary>Every used-up window doubles the next wait, up to this.</summary>
    [Range(1, 168)]
    public int LongestWaitHours { get; init; } = 24;

    /// <summary>New visitors per address, gallery and hour, also at open galleries: a sports day behind the one address of its school.</summary>
    [Range(1, 1_000_000)]
    public int VisitorsPerGallery { get; init; } = 2_000;

    /// <summary>New visitors per address and hour at all galleries, so that one address cannot fill the database.</summary>
    [Range(1, 1_000_000)]
    public int VisitorsPerAddress { get; init; } = 3_000;
}
