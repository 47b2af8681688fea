using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>One database and one folder, and the processes that share them.</summary>
internal sealed class CrashSite : IAsyncDisposable
{
    private readonly DatabaseProvider _provider;
    private readonly string _connection;

    private CrashSite(DatabaseProvider provider, string connection, string folder, int processes)
    {
        (_provider, _connection, Folder) = (provider, connection, folder);
        Processes = [.. Enumerable.Range(0, processes).Select(n => new ApiProcess(FreeAddress(), Settings(), Path.Combine(folder, $"api-{n}.log")))];
    }

    public string Folder { get; }

    public string PlatformKey { get; } = KeyText.Create("ps_platform_");

    public IReadOnlyList<ApiProcess> Processes { get; }

    public DatabaseProvider Provider => _provider;

    public string Connection => _connection;

    /// <summary>Where the processes put their temporary files.</summary>
    public string Temporary => Directory.CreateDirectory(Path.Combine(Folder, "tmp")).FullName;

    public string Work => Path.Combine(Folder, "work");

    public string Objects => Path.Combine(Folder, "objects");

    public string Payments => Path.Combine(Folder, "payments");

    public string Mail => Path.Combine(Folder, "mail");

    /// <summary>Responses with 5xx, each of which is a bug, with their requests.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>The number of requests that got no response and were sent again.</summary>
    public int Repeated => _repeated;

    private int _repeated;

    public static async Task<CrashSite> MakeAsync(DatabaseProvider provider, int processes)
    {
        Assert.SkipUnless(ApiProcess.CanRun, "Process groups are killed with setsid and setpriv of util-linux.");
        var folder = TestFolder.NewOnDisk("crash");
        return new CrashSite(provider, await TestDatabase.CreateAsync(provider, folder, "crash"), folder, processes);
    }

    /// <summary>Direct access to the stored data. Use AcrossTenants for the rows of tenants.</summary>
    public ProofsheetDb OpenDatabase() => TestDatabase.Open(_provider, _connection, new TenantContext());

    public StubbornClient Client(string? credential = null) => new(this, credential);

    public Task StartAllAsync() => Task.WhenAll(Processes.Where(p => !p.IsRunning).Select(p => p.StartAsync()));

    public void NoteRepeat() => Interlocked.Increment(ref _repeated);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes)
        {
            await process.DisposeAsync();
        }

        await TestDatabase.DropAsync(_provider, _connection);
        Directory.Delete(Folder, recursive: true);
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Database:Provider"] = _provider.ToString(),
        ["Database:ConnectionString"] = _connection,
        ["Database:MigrateAtStart"] = "false",
        ["Keyring:File"] = Path.Combine(Folder, "master.keys"),
        ["Storage:Disk:Root"] = Objects,
        ["Photos:WorkFolder"] = Work,
        ["Photos:UploadLeaseSeconds"] = "2",
        ["Photos:UploadPartBytes"] = "65536",
        ["Payments:Provider"] = "Simulator",
        ["Payments:Simulator:Folder"] = Payments,
        ["Payments:Simulator:LateSuccessDelay"] = "00:00:00.500",
        ["Payments:Simulator:PollInterval"] = "00:00:00.100",
        ["Mail:Folder"] = Mail,
        ["Access:PlatformKeyHash"] = KeyText.Hash(PlatformKey),
        // A lease outlives its worker by this long; polling finds the work that other processes left.
        ["Outbox:LeaseSeconds"] = "3",
        ["Outbox:PollMilliseconds"] = "200",
        ["Outbox:BackoffMilliseconds"] = "100",
        // A guess counts as a failure until it succeeds, so a kill in between leaves it counted.
        ["Galleries:Unlock:FailuresPerAddress"] = "1000",
        ["Galleries:Unlock:FailuresPerAddressEverywhere"] = "1000",
        ["Galleries:Unlock:VisitorsPerGallery"] = "100000",
        ["Galleries:Unlock:VisitorsPerAddress"] = "100000",
        ["RateLimits:AnonymousPerHour"] = "1000000",
        ["RateLimits:SandboxKeyPerHour"] = "1000000",
        ["RateLimits:KeyPerHour"] = "1000000",
        ["RateLimits:VisitorPerHour"] = "1000000",
        ["Logging:LogLevel:Default"] = "Warning",
        ["TMPDIR"] = Temporary,
        // A killed runtime leaves its diagnostic sockets in the temporary folder.
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }
}
