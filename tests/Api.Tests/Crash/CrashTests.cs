using FluentAssertions;
using Proofsheet.Shared.Database;
using Xunit;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>
/// Kill -9 of the running API, with its imaging workers, while clients work: nothing that was confirmed is lost, nothing is duplicated, and all work
/// ends. The seed of a run is printed; PROOFSHEET_CRASH_SEED repeats its plan of kills.
/// </summary>
public abstract class CrashRounds(ITestOutputHelper output)
{
    private const int Clients = 3;

    // One kill during processing, and one at each step that involves money.
    private protected static readonly Moment[] Few = [Moment.Processing, Moment.Checkout, Moment.Payment];

    private protected async Task RunAsync(DatabaseProvider provider, int processes, int kills, Moment[]? moments = null)
    {
        var seed = CrashSchedule.Seed();
        output.WriteLine($"{CrashSchedule.SeedVariable}={seed}");
        await using var site = await CrashSite.MakeAsync(provider, processes);
        await site.StartAllAsync();
        var shop = await Shop.OpenAsync(site);

        var schedule = new CrashSchedule(site, seed, output);
        var killing = schedule.RunAsync(kills, moments ?? Enum.GetValues<Moment>());
        var scenarios = (await Task.WhenAll(Enumerable.Range(0, Clients).Select(c => WorkAsync(c, shop, schedule, killing)))).SelectMany(j => j).ToList();
        await killing;

        output.WriteLine($"{scenarios.Count} galleries, {scenarios.Sum(j => j.Photos.Count)} photos, each gallery with an order; {site.Repeated} requests got no answer and were sent again");
        site.Repeated.Should().BeGreaterThan(0, "kills that nobody notices prove nothing");
        await new Aftermath(site, shop, scenarios).InspectAsync();
    }

    /// <summary>Runs one gallery after another while there are kills to come.</summary>
    private static async Task<List<Scenario>> WorkAsync(int client, Shop shop, CrashSchedule schedule, Task killing)
    {
        var scenarios = new List<Scenario>();
        while (!killing.IsCompleted)
        {
            var scenario = new Scenario(shop, schedule, (client * 1000) + scenarios.Count);
            scenarios.Add(scenario);
            await scenario.RunAsync();
        }

        return scenarios;
    }
}

[Trait("Suite", "Ci")]
public sealed class CrashTests(ITestOutputHelper output) : CrashRounds(output)
{
    [Fact]
    public Task Three_kills_of_the_only_process_lose_nothing_and_double_nothing() => RunAsync(DatabaseProvider.Sqlite, processes: 1, kills: 3, Few);

    [Fact]
    [Trait("Suite", "Nightly")]
    public Task Twenty_kills_of_the_only_process_lose_nothing_and_double_nothing() => RunAsync(DatabaseProvider.Sqlite, processes: 1, kills: 30);
}

/// <summary>It has its own database, so it does not need the PostgreSQL run of all tests.</summary>
[Trait("Suite", "Nightly")]
public sealed class PostgresCrashTests(ITestOutputHelper output) : CrashRounds(output)
{
    [Fact]
    public Task Ten_kills_of_one_of_two_processes_lose_nothing_and_double_nothing() => RunAsync(DatabaseProvider.Postgres, processes: 2, kills: 10);
}
