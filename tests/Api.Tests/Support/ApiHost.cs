using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Worker;
using Proofsheet.Api.Tests.Data.SqlServer;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

[assembly: AssemblyFixture(typeof(ApiHost))]

namespace Proofsheet.Api.Tests.Support;

/// <summary>
/// The real API on a real socket with a real database: SQLite by default, PostgreSQL with PROOFSHEET_TEST_DATABASE=postgres. One host serves all tests
/// that take it as the assembly fixture, each with its own studios; a test that moves the clock or changes settings creates its own host with
/// <see cref="StartAsync"/>.
/// </summary>
public sealed partial class ApiHost : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IServiceCollection>? _services;
    private readonly string _folder = TestFolder.New("api");
    private Factory? _factory;
    private bool _ownsDatabase;
    private static int _names;

    // A worker takes a second of CPU to start, and it does not matter which host's photos it processes. Tests keep the machine busy all the time: at
    // a low priority a photo could wait for minutes.
    private static readonly Lazy<WorkerImageProcessor> Imaging = new(() => new(Options.Create(new ImagingOptions { LowPriority = false }), NullLogger<WorkerImageProcessor>.Instance));

    internal static IImageProcessor SharedImaging => Imaging.Value;

    public ApiHost()
        : this([], null)
    {
    }

    private ApiHost(Dictionary<string, string?> settings, Action<IServiceCollection>? services) => (_settings, _services) = (settings, services);

    /// <summary>Starts a separate host, with other settings or services.</summary>
    public static async Task<ApiHost> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var host = new ApiHost(settings ?? [], services);
        await host.InitializeAsync();
        return host;
    }

    /// <summary>Starts another host on the database, keys, store and authority of this one, as a second process would be.</summary>
    public Task<ApiHost> SiblingAsync(params (string Name, string Value)[] more) => SiblingAsync(null, more);

    public Task<ApiHost> SiblingAsync(Action<IServiceCollection>? services, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(Authority.Settings().Concat(Shared));
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return StartAsync(settings, services);
    }

    /// <summary>The settings for anything that works on this host's database, keys and store.</summary>
    public IReadOnlyDictionary<string, string?> Shared => new Dictionary<string, string?>
    {
        ["Database:Provider"] = Provider.ToString(),
        ["Database:ConnectionString"] = Connection,
        ["Database:MigrateAtStart"] = "false",
        ["Keyring:File"] = Path.Combine(_folder, "master.keys"),
        ["Storage:Disk:Root"] = Path.Combine(_folder, "objects"),
    };

    private static DatabaseProvider Provider => OnPostgres ? DatabaseProvider.Postgres : DatabaseProvider.Sqlite;

    public static bool OnPostgres => Environment.GetEnvironmentVariable("PROOFSHEET_TEST_DATABASE") == "postgres";

    internal string PlatformKey { get; } = KeyText.Create("ps_platform_");

    public ShiftedClock Clock { get; } = new();

    /// <summary>The authority whose tokens this host accepts.</summary>
    public TestAuthority Authority { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    private string Connection { get; set; } = "";

    /// <summary>Where this host keeps its files.</summary>
    public string Folder => _folder;

    public IServiceProvider Services => _factory!.Services;

    public async ValueTask InitializeAsync()
    {
        Authority = await TestAuthority.StartAsync();
        // A sibling host uses the other one's database.
        _ownsDatabase = !_settings.ContainsKey("Database:ConnectionString");
        Connection = _ownsDatabase ? await TestDatabase.CreateAsync(Provider, _folder) : _settings["Database:ConnectionString"]!;
        var settings = new Dictionary<string, string?>
        {
            ["Database:Provider"] = Provider.ToString(),
            ["Database:ConnectionString"] = Connection,
            ["Database:MigrateAtStart"] = "false",
            ["Keyring:File"] = Path.Combine(_folder, "master.keys"),
            ["Storage:Disk:Root"] = Path.Combine(_folder, "objects"),
            ["Photos:WorkFolder"] = Path.Combine(_folder, "work"),
            ["Payments:Simulator:Folder"] = Path.Combine(_folder, "payments"),
            ["Mail:Folder"] = Path.Combine(_folder, "mail"),
            ["Access:PlatformKeyHash"] = KeyText.Hash(PlatformKey),
            ["Outbox:PollMilliseconds"] = "200",
            ["Outbox:BackoffMilliseconds"] = "50",
            ["RateLimits:AnonymousPerHour"] = "1000000",
            ["RateLimits:SandboxKeyPerHour"] = "1000000",
            ["RateLimits:KeyPerHour"] = "1000000",
            ["RateLimits:VisitorPerHour"] = "1000000",
            ["RateLimits:UserPerHour"] = "1000000",
            ["Onboarding:StudiosPerAccount"] = "5",
            // All tests come from one address.
            ["Galleries:Unlock:FailuresPerAddress"] = "100000",
            ["Galleries:Unlock:FailuresPerAddressEverywhere"] = "100000",
            ["Galleries:Unlock:VisitorsPerAddress"] = "1000000",
        };
        foreach (var (name, value) in Authority.Settings().Concat(_settings))
        {
            settings[name] = value;
        }

        _factory = new Factory(settings, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            ShadowedQueries.Watch(services);
            services.Replace(ServiceDescriptor.Singleton(provider => new GallerySecrets(provider.GetRequiredService<Keyring>(), rounds: 1_000)));
            if (!_settings.Keys.Any(name => name.StartsWith("Imaging:", StringComparison.Ordinal)))
            {
                services.Replace(ServiceDescriptor.Singleton<IImageProcessor>(Imaging.Value));
            }

            _services?.Invoke(services);
        });
        _factory.UseKestrel();
        _factory.StartServer();
        Address = _factory.ClientOptions.BaseAddress;
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        if (Authority is not null)
        {
            await Authority.DisposeAsync();
        }

        if (_ownsDatabase)
        {
            await TestDatabase.DropAsync(Provider, Connection);
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A client that sends this credential (null: none) and, when given, this Origin.</summary>
    public ApiClient Client(string? credential, string? origin = null)
    {
        var http = new HttpClient { BaseAddress = Address };
        if (credential is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        }

        if (origin is not null)
        {
            http.DefaultRequestHeaders.Add("Origin", origin);
        }

        return new ApiClient(http);
    }

    public ApiClient Platform => Client(PlatformKey);

    /// <summary>A new studio with its secret key. Every test creates its own.</summary>
    public async Task<StudioClient> StudioAsync(string name = "anna", string currency = "USD")
    {
        var slug = $"{name}-{Interlocked.Increment(ref _names)}-{Guid.NewGuid().ToString("N")[..8]}";
        var answer = await Platform.PostAsync("/v1/studios", new { name, slug, currency });
        answer.ShouldBe(201);
        return new StudioClient(this, answer.Body!["studio"]!, answer.Body!["secretKey"]!["secret"]!.GetValue<string>());
    }

    /// <summary>Runs the work in a scope of a studio, as background work would.</summary>
    internal async Task<T> InScopeAsync<T>(string studioId, Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(Id<Tenant>.Parse(studioId, null));
        return await work(scope.ServiceProvider);
    }

    /// <summary>Waits until all background work of a studio that is due by the host's clock is done.</summary>
    public Task QuietAsync(string studioId) => EventuallyAsync(
        () => InScopeAsync(studioId, async services =>
        {
            var tenant = Id<Tenant>.Parse(studioId, null);
            var now = Clock.GetUtcNow();
            return !await services.GetRequiredService<ProofsheetDb>().Set<OutboxMessage>()
                .AnyAsync(m => m.Tenant == tenant && m.DoneAt == null && m.DeadAt == null && (m.DueAt <= now || m.LeaseUntil != null));
        }),
        "the studio is quiet");

    /// <summary>Waits until a condition holds; fails with the description after a timeout.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> holds, string what, int seconds = 120)
    {
        var until = Environment.TickCount64 + (seconds * 1000);
        while (!await holds())
        {
            if (Environment.TickCount64 > until)
            {
                throw new Xunit.Sdk.XunitException($"It did not happen within {seconds} s: {what}");
            }

            await Task.Delay(20);
        }
    }
}
