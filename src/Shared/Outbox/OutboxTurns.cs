using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Shared.Outbox;

/// <summary>Which messages a worker claims.</summary>
internal enum OutboxWork
{
    /// <summary>Bulk events only when no others are due.</summary>
    InteractiveFirst,

    /// <summary>Bulk events before others, so that these cannot hold bulk events up forever.</summary>
    BulkFirst,

    /// <summary>Never bulk events, so that a worker is free for what someone waits for.</summary>
    InteractiveOnly,
}

/// <summary>
/// Decides whose turn it is: the studio for which this process is working on the fewest messages, and among those the one whose last turn was longest
/// ago. While several studios wait, none therefore gets more than half of the workers, rounded up. Interactive and bulk events have separate turns. Each
/// process counts its own, which is as fair as counting them all: every process gives every waiting studio its turn.
/// </summary>
internal sealed class OutboxTurns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Id<Tenant> Studio, bool IsBulk), (int Running, long LastTurn)> _lanes = [];
    private long _turn;

    /// <summary>Begins the turn of one of the studios; null when there are none.</summary>
    public Id<Tenant>? Take(bool isBulk, IEnumerable<Id<Tenant>> waiting)
    {
        lock (_lock)
        {
            var candidates = waiting.Select(studio => (Studio: studio, Lane: _lanes.GetValueOrDefault((studio, isBulk)))).ToList();
            if (candidates.Count == 0)
            {
                return null;
            }

            var (next, lane) = candidates.MinBy(c => (c.Lane.Running, c.Lane.LastTurn));
            Forget(isBulk, candidates.Select(c => c.Studio));
            _lanes[(next, isBulk)] = (lane.Running + 1, ++_turn);
            return next;
        }
    }

    /// <summary>Ends a turn: the message was handled, or there was none.</summary>
    public void End(Id<Tenant> studio, bool isBulk)
    {
        lock (_lock)
        {
            if (_lanes.TryGetValue((studio, isBulk), out var lane))
            {
                _lanes[(studio, isBulk)] = lane with { Running = Math.Max(0, lane.Running - 1) };
            }
        }
    }

    // Studios that have neither waiting nor running messages are not remembered.
    private void Forget(bool isBulk, IEnumerable<Id<Tenant>> waiting)
    {
        foreach (var lane in _lanes.Where(l => l.Key.IsBulk == isBulk && l.Value.Running == 0).Select(l => l.Key).Except(waiting.Select(studio => (studio, isBulk))).ToList())
        {
            _lanes.Remove(lane);
        }
    }
}
