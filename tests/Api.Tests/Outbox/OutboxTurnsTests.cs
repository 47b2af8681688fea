using FluentAssertions;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Outbox;

public sealed class OutboxTurnsTests
{
    private static readonly Id<Tenant> A = Id<Tenant>.New(DateTimeOffset.UnixEpoch);
    private static readonly Id<Tenant> B = Id<Tenant>.New(DateTimeOffset.UnixEpoch.AddDays(1));
    private static readonly Id<Tenant> C = Id<Tenant>.New(DateTimeOffset.UnixEpoch.AddDays(2));

    private readonly OutboxTurns _turns = new();

    [Fact]
    public void Studios_that_wait_take_turns()
    {
        Served(6, A, B, C).Should().Equal(A, B, C, A, B, C);
    }

    [Fact]
    public void A_studio_that_comes_later_is_next_and_gets_no_more_turns_than_the_others()
    {
        Served(5, A);

        Served(4, A, B).Should().Equal(B, A, B, A);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void While_another_waits_a_studio_gets_half_of_the_workers(int workers)
    {
        var running = Enumerable.Range(0, workers).Select(_ => _turns.Take(true, [A, B])!.Value).ToList();

        for (var ended = 0; ended < 50; ended++)
        {
            // Each studio's messages take their own time: whichever ends, the share stays.
            var ends = running[(ended * 7) % workers];
            running.Remove(ends);
            _turns.End(ends, true);
            running.Add(_turns.Take(true, [A, B])!.Value);

            running.Count(s => s == A).Should().BeInRange(workers / 2, (workers + 1) / 2);
        }
    }

    [Fact]
    public void A_studio_alone_gets_all_workers_until_another_comes()
    {
        Enumerable.Range(0, 4).Select(_ => _turns.Take(true, [A])).Should().AllBeEquivalentTo(A);

        _turns.End(A, true);
        _turns.Take(true, [A, B]).Should().Be(B);
        _turns.End(A, true);
        _turns.Take(true, [A, B]).Should().Be(B);
        _turns.End(B, true);
        _turns.Take(true, [A, B]).Should().Be(B, "it works on one, and the other studio on two");
    }

    [Fact]
    public void Bulk_and_interactive_messages_have_separate_turns()
    {
        _turns.Take(true, [A]);

        _turns.Take(false, [A, B]).Should().Be(A);
    }

    [Fact]
    public void Nobody_waiting_is_nobodys_turn()
    {
        _turns.Take(true, []).Should().BeNull();
    }

    private List<Id<Tenant>> Served(int times, params Id<Tenant>[] waiting) => [.. Enumerable.Range(0, times).Select(_ =>
    {
        var served = _turns.Take(true, waiting)!.Value;
        _turns.End(served, true);
        return served;
    })];
}
