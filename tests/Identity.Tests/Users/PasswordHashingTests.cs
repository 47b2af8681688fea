using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Shared.Keyrings;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

public sealed class PasswordHashingTests
{
    private const string OldKey = "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string NewKey = "2:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    [Fact]
    public async Task What_was_hashed_verifies_and_nothing_else_does()
    {
        using var hashing = Make();
        var stored = await hashing.HashAsync("Quartz-Violin-42", default);

        stored.Should().MatchRegex(@"^b1\.[0-9a-f]{8}\.\$2b\$04\$[./A-Za-z0-9]{53}$");
        (await hashing.VerifyAsync(stored, "Quartz-Violin-42", default)).Should().BeTrue();
        (await hashing.VerifyAsync(stored, "Quartz-Violin-43", default)).Should().BeFalse();
        (await hashing.VerifyAsync("b2" + stored[2..], "Quartz-Violin-42", default)).Should().BeFalse("there is no such version");
        (await hashing.VerifyAsync(null, "Quartz-Violin-42", default)).Should().BeFalse();
    }

    [Fact]
    public async Task A_password_is_the_same_however_it_is_composed_and_case_counts()
    {
        using var hashing = Make();
        var stored = await hashing.HashAsync("Gr\u00F6\u00DFe-caf\u00E9 42", default);

        (await hashing.VerifyAsync(stored, "Gro\u0308\u00DFe-cafe\u0301 42", default)).Should().BeTrue();
        (await hashing.VerifyAsync(stored, "Gr\u00F6\u00DFe-caf\u00E9\u00A042", default)).Should().BeTrue();
        (await hashing.VerifyAsync(stored, "gr\u00F6\u00DFe-caf\u00E9 42", default)).Should().BeFalse();
        (await hashing.VerifyAsync(stored, "Grosse-cafe 42", default)).Should().BeFalse();
    }

    [Fact]
    public async Task Long_passwords_count_to_their_last_character_and_zeros_end_nothing()
    {
        using var hashing = Make();
        var longest = new string('a', 127);
        var stored = await hashing.HashAsync(longest + "b", default);
        var withZero = await hashing.HashAsync("a\0b", default);

        (await hashing.VerifyAsync(stored, longest + "c", default)).Should().BeFalse();
        (await hashing.VerifyAsync(withZero, "a\0c", default)).Should().BeFalse();
    }

    [Fact]
    public async Task Every_call_is_exactly_one_hash()
    {
        using var hashing = Make();
        var stored = await hashing.HashAsync("a", default);
        await hashing.VerifyAsync(stored, "a", default);
        await hashing.VerifyAsync(stored, "b", default);
        await hashing.VerifyAsync("nonsense", "b", default);
        await hashing.VerifyAsync(null, "b", default);

        hashing.Performed.Should().Be(5);
    }

    [Fact]
    public async Task Another_pepper_verifies_nothing_and_a_rotated_one_still_does_and_is_outdated()
    {
        using var old = Make(keys: [OldKey]);
        using var rotated = Make(keys: [NewKey, OldKey]);
        using var other = Make(keys: [NewKey]);
        var stored = await old.HashAsync("a", default);

        (await other.VerifyAsync(stored, "a", default)).Should().BeFalse();
        (await rotated.VerifyAsync(stored, "a", default)).Should().BeTrue();
        rotated.IsOutdated(stored).Should().BeTrue();
        rotated.IsOutdated(await rotated.HashAsync("a", default)).Should().BeFalse();
    }

    [Fact]
    public async Task A_hash_of_a_lower_cost_is_outdated()
    {
        using var low = Make();
        using var high = Make(new PasswordSettings { Cost = 5 });

        high.IsOutdated(await low.HashAsync("a", default)).Should().BeTrue();
    }

    [Fact]
    public async Task A_call_that_comes_when_the_queue_is_full_is_refused_at_once_and_the_rest_are_served()
    {
        using var hashing = Make(new PasswordSettings { Cost = 12, HashesAtATime = 1, MaxWaiting = 2 });

        var calls = Enumerable.Range(0, 10).Select(_ => hashing.HashAsync("a", default)).ToList();
        var sentAway = calls.Count(c => c.IsFaulted && c.Exception!.InnerException is TooBusyException);
        await Task.WhenAll(calls.Where(c => !c.IsFaulted));

        sentAway.Should().Be(7, "one is hashed and two wait");
        (await hashing.HashAsync("a", default)).Should().NotBeNull("there is room again");
    }

    [Fact]
    public async Task A_canceled_call_leaves_the_queue()
    {
        using var hashing = Make(new PasswordSettings { Cost = 12, HashesAtATime = 1, MaxWaiting = 1 });
        var first = hashing.HashAsync("a", default);
        using var leaving = new CancellationTokenSource();
        var second = hashing.HashAsync("a", leaving.Token);

        await leaving.CancelAsync();

        await second.Invoking(s => s).Should().ThrowAsync<OperationCanceledException>();
        await hashing.HashAsync("a", default);
        await first;
    }

    private static PasswordHashing Make(PasswordSettings? settings = null, string[]? keys = null) => new(
        new Keyring(Options.Create(new KeyringOptions { MasterKeys = [.. keys ?? [OldKey]] })),
        Options.Create(settings ?? new PasswordSettings { Cost = 4 }));
}
