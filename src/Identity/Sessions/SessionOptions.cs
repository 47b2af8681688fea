using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Identity.Sessions;

/// <summary>The section <c>Sessions</c>.</summary>
internal sealed class SessionOptions
{
    /// <summary>A session that nobody used for so long has ended.</summary>
    [Range(5, 43_200)]
    public int IdleMinutes { get; init; } = 24 * 60;

    /// <summary>A session ends so long after its sign-in, however much it is used.</summary>
    [Range(1, 2_160)]
    public int AbsoluteHours { get; init; } = 7 * 24;

    /// <summary>Changing how one signs in asks for credentials again when they were shown longer ago than this.</summary>
    [Range(1, 120)]
    public int FreshMinutes { get; init; } = 10;

    public TimeSpan Idle => TimeSpan.FromMinutes(IdleMinutes);

    public TimeSpan Absolute => TimeSpan.FromHours(AbsoluteHours);

    public TimeSpan Fresh => TimeSpan.FromMinutes(FreshMinutes);
}
