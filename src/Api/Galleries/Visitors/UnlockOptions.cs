using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>
/// How many wrong guesses are allowed: the section <c>Galleries:Unlock</c>. The shortest PIN has a million values, so
/// a hundred guesses an hour at one gallery, from however many addresses, find it in over half a year on average, and the
/// growing waits make that many times longer.
/// </summary>
internal sealed class UnlockOptions
{
    /// <summary>Wrong guesses from one address (a /64 in IPv6) per window, over all galleries.</summary>
    [Range(1, 100_000)]
    public int FailuresPerAddress { get; init; } = 10;

    [Range(1, 1_440)]
    public int AddressWindowMinutes { get; init; } = 15;

    /// <summary>Wrong guesses at one gallery per window, from all addresses.</summary>
    [Range(1, 100_000)]
    public int FailuresPerGallery { get; init; } = 100;

    [Range(1, 1_440)]
    public int GalleryWindowMinutes { get; init; } = 60;

    /// <summary>Wrong guesses at all galleries of all studios per window; more than that is an attack on the whole installation.</summary>
    [Range(1, 10_000_000)]
    public int FailuresOverall { get; init; } = 10_000;

    [Range(1, 1_440)]
    public int OverallWindowMinutes { get; init; } = 60;

    /// <summary>Every used-up window doubles the next wait, up to this.</summary>
    [Range(1, 168)]
    public int LongestWaitHours { get; init; } = 24;

    /// <summary>New visitors per address and hour, also at open galleries: enough for a guest list, but not to fill the database.</summary>
    [Range(1, 1_000_000)]
    public int VisitorsPerAddressPerHour { get; init; } = 300;
}
