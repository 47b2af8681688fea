using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>
/// How often a secret may be guessed wrong: the section <c>Galleries:Unlock</c>. The smallest PIN has a million values, so
/// a hundred guesses an hour at one gallery, from however many addresses, find it in over half a year on average, and the
/// growing waits make that many times longer.
/// </summary>
internal sealed class UnlockOptions
{
    /// <summary>Wrong guesses of one address (of a /64 in IPv6) in a window, over all galleries.</summary>
    [Range(1, 100_000)]
    public int FailuresPerAddress { get; init; } = 10;

    [Range(1, 1_440)]
    public int AddressWindowMinutes { get; init; } = 15;

    /// <summary>Wrong guesses at one gallery in a window, from all addresses.</summary>
    [Range(1, 100_000)]
    public int FailuresPerGallery { get; init; } = 100;

    [Range(1, 1_440)]
    public int GalleryWindowMinutes { get; init; } = 60;

    /// <summary>Wrong guesses at all galleries of all studios in a window: past it something attacks us as a whole.</summary>
    [Range(1, 10_000_000)]
    public int FailuresOverall { get; init; } = 10_000;

    [Range(1, 1_440)]
    public int OverallWindowMinutes { get; init; } = 60;

    /// <summary>Every window that filled up makes the next wait twice as long, up to this.</summary>
    [Range(1, 168)]
    public int LongestWaitHours { get; init; } = 24;

    /// <summary>New visitors of one address in an hour, also at open galleries: a guest list fits, filling the database does not.</summary>
    [Range(1, 1_000_000)]
    public int VisitorsPerAddressPerHour { get; init; } = 300;
}
