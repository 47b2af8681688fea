using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Shared.Outbox;

internal sealed class OutboxOptions
{
    /// <summary>False in a process that only serves requests.</summary>
    public bool Enabled { get; init; } = true;

    [Range(1, 64)]
    public int Workers { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Workers in addition to <see cref="Workers"/> that leave bulk events, such as uploaded photos, to the others.</summary>
    [Range(1, 64)]
    public int InteractiveWorkers { get; init; } = 1;

    /// <summary>How often to look for work that was not signaled in this process (from other processes, and retries).</summary>
    [Range(20, 60_000)]
    public int PollMilliseconds { get; init; } = 1_000;

    /// <summary>A worker renews its lease after a third of this time; the messages of one that died are claimed again after all of it.</summary>
    [Range(2, 600)]
    public int LeaseSeconds { get; init; } = 30;

    [Range(1, 50)]
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The base of the exponential backoff between attempts.</summary>
    [Range(10, 60_000)]
    public int BackoffMilliseconds { get; init; } = 2_000;

    /// <summary>How long messages are kept for inspection when they are done.</summary>
    [Range(1, 720)]
    public int KeepDoneHours { get; init; } = 24;
}
