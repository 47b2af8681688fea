using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>From the start of the process to the first successful /health/ready on a migrated database, and memory ten seconds later.</summary>
internal sealed class StartPart : IPart
{
    private const int Rounds = 3;

    public string Name => "start";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var (ours, later, theirs, memory, theirMemory) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            await using var api = await Server.ApiAsync("");
            await using var bare = await Server.BareAsync();
            await Task.Delay(TimeSpan.FromSeconds(10));
            ours.Add(api.StartedAfterSeconds);
            theirs.Add(bare.StartedAfterSeconds);
            memory.Add(api.ResidentMegabytes);
            theirMemory.Add(bare.ResidentMegabytes);
            await api.KillAndStartAgainAsync();
            later.Add(api.StartedAfterSeconds);
        }

        return
        [
            new Row("first start to ready, with an empty database made, s", Report.Median(ours), "bare Kestrel", Report.Median(theirs)),
            new Row("first start to ready, with an empty database made, s", Report.Median(ours), "limit", 3),
            new Row("later start to ready, s", Report.Median(later), "limit", 1.5),
            new Row("idle memory, MB", Report.Median(memory), "bare Kestrel", Report.Median(theirMemory)),
        ];
    }
}
