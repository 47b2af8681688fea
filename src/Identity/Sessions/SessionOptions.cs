using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Identity.Sessions;

/// <summary>The section <c>Sessions</c>.</summary>
internal sealed class SessionOptions
{
    /// <summary>A session that is not used for this long ends.</summary>
    [Range(5, 43_200)]
    public int IdleMinutes { get; init; } = 24 * 60;

    /// <summary>A session ends this long after its sign-in, no matter how much it is used.</summary>
    [Range(1, 2_160)]
    public int AbsoluteHours { get; init; } = 7 * 24;

    /// <summary>Changing how a user signs in requires a sign-in within this time.</summary>
    [Range(1, 120)]
    public int FreshMinutes { get; init; } = 10;

    public TimeSpan Idle => TimeSpan.FromMinutes(IdleMinutes);

    public TimeSpan Absolute => TimeSpan.FromHours(AbsoluteHours);

    public TimeSpan Fresh => TimeSpan.FromMinutes(FreshMinutes);
}
