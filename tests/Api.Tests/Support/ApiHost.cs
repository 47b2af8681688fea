using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Proofsheet.Api.Access;
using Proofsheet.Api.Data;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Tests.Data.SqlServer;
using Proofsheet.Api.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(ApiHost))]

namespace Proofsheet.Api.Tests.Support;

/// <summary>
/// The real API on a real socket with a real database: SQLite by default, PostgreSQL with
/// PROOFSHEET_TEST_DATABASE=postgres. One host serves all tests that take it as the assembly's fixture, each with
/// studios of its own; a test that moves the clock or changes settings makes its own host with <see cref="StartAsync"/>.
/// </summary>
public sealed class ApiHost : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IServiceCollection>? _services;
    private readonly string _folder = Directory.CreateTempSubdirectory("proofsheet-test-").FullName;
    private Factory? _factory;
    private static int _names;

    public ApiHost()
        : this([], null)
    {
    }

    private ApiHost(Dictionary<string, string?> settings, Action<IServiceCollection>? services) => (_settings, _services) = (settings, services);

    /// <summary>A host of one's own, with other settings or services.</summary>
    public static async Task<ApiHost> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var host = new ApiHost(settings ?? [], services);
        await host.InitializeAsync();
        return host;
    }

    /// <summary>Another host on the database, the keys, the store and the authority of this one, as a second process would be.</summary>
    public Task<ApiHost> SiblingAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(Authority.Settings().Concat(Shared));
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return StartAsync(settings);
    }

    /// <summary>Settings of whatever works on this host's database, keys and store.</summary>
    public IReadOnlyDictionary<string, string?> Shared => new Dictionary<string, string?>
    {
        ["Database:Provider"] = OnPostgres ? "Postgres" : "Sqlite",
        ["Database:ConnectionString"] = Connection,
        ["Database:MigrateAtStart"] = "false",
        ["Keyring:File"] = Path.Combine(_folder, "master.keys"),
        ["Storage:Disk:Root"] = Path.Combine(_folder, "objects"),
    };

    public static bool OnPostgres => Environment.GetEnvironmentVariable("PROOFSHEET_TEST_DATABASE") == "postgres";

    internal string PlatformKey { get; } = KeyText.Create("ps_platform_");

    public ShiftedClock Clock { get; } = new();

    /// <summary>The authority whose tokens this host takes.</summary>
    public TestAuthority Authority { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    private string Connection { get; set; } = "";

    /// <summary>Where this host keeps its files.</summary>
    public string Folder => _folder;

    public IServiceProvider Services => _factory!.Services;

    public async ValueTask InitializeAsync()
    {
        Authority = await TestAuthority.StartAsync();
        var connection = OnPostgres
            ? await PostgresServer.CreateDatabaseAsync($"host_{Guid.NewGuid():N}")
            : $"Data Source={Path.Combine(_folder, "test.db")}";
        Connection = connection;
        var settings = new Dictionary<string, string?>
        {
            ["Database:Provider"] = OnPostgres ? "Postgres" : "Sqlite",
            ["Database:ConnectionString"] = connection,
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
            ["Galleries:Unlock:VisitorsPerAddressPerHour"] = "1000000",
        };
        foreach (var (name, value) in Authority.Settings().Concat(_settings))
        {
            settings[name] = value;
        }

        _factory = new Factory(settings, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            ShadowedQueries.Watch(services);
            _services?.Invoke(services);
        });
        _factory.UseKestrel();
        await CreateSchemaAsync(OnPostgres ? DatabaseProvider.Postgres : DatabaseProvider.Sqlite, connection);
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

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
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

    /// <summary>A new studio with its secret key. Every test makes its own.</summary>
    public async Task<StudioClient> StudioAsync(string name = "anna", string currency = "USD")
    {
        var slug = $"{name}-{Interlocked.Increment(ref _names)}-{Guid.NewGuid().ToString("N")[..8]}";
        var answer = await Platform.PostAsync("/v1/studios", new { name, slug, currency });
        answer.ShouldBe(201);
        return new StudioClient(this, answer.Body!["studio"]!, answer.Body!["secretKey"]!["key"]!.GetValue<string>());
    }

    /// <summary>Runs something inside a scope of a studio, as background work would.</summary>
    internal async Task<T> InScopeAsync<T>(string studioId, Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(Id<Tenant>.Parse(studioId, null));
        return await work(scope.ServiceProvider);
    }

    /// <summary>Waits until a condition holds; fails with the description after the time.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> holds, string what, int seconds = 30)
    {
        var until = Environment.TickCount64 + (seconds * 1000);
        while (!await holds())
        {
            if (Environment.TickCount64 > until)
            {
                throw new Xunit.Sdk.XunitException($"It did not happen within {seconds} s: {what}");
            }

            await Task.Delay(50);
        }
    }

    private static async Task CreateSchemaAsync(DatabaseProvider provider, string connection)
    {
        await using var db = TestDatabase.Open(provider, connection, new TenantContext());
        await db.Database.EnsureCreatedAsync();
    }

    private sealed class Factory(Dictionary<string, string?> settings, Action<IServiceCollection> services) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            // Not UseKestrel(0): that sets the port while the program may already be binding, and throws when it is (dotnet/aspnetcore#67714).
            builder.UseUrls("http://127.0.0.1:0");
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            builder.UseEnvironment("Testing");
            builder.ConfigureLogging(logging =>
            {
                logging.ClearProviders();
                if (Environment.GetEnvironmentVariable("PROOFSHEET_TEST_LOG") is { Length: > 0 })
                {
                    logging.AddSimpleConsole();
                }
            });
            builder.ConfigureTestServices(services);
        }
    }
}

/// <summary>A studio made for one test, with a client that holds its secret key.</summary>
public sealed class StudioClient(ApiHost host, JsonNode studio, string secretKey)
{
    public ApiHost Host => host;

    public string Id { get; } = studio["id"]!.GetValue<string>();

    public string Slug { get; } = studio["slug"]!.GetValue<string>();

    public string SecretKey => secretKey;

    public ApiClient Api { get; } = host.Client(secretKey);

    /// <summary>A new member of this studio, with an access token for it that holds these scopes (null: all that a token may).</summary>
    public async Task<MemberClient> MemberAsync(string role, string? scope = null)
    {
        var email = $"{role}-{Guid.NewGuid().ToString("N")[..8]}@example.com";
        var subject = host.Authority.Account(email, role);
        await JoinAsync(host.Authority.Issuer, subject, role, email);
        return new MemberClient(host, this, subject, email, scope ?? MemberClient.AllScopes);
    }

    /// <summary>Makes an account a member, past the API.</summary>
    public Task JoinAsync(string issuer, string subject, string role, string? email = null) => host.InScopeAsync(Id, async services =>
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        var account = new Account(issuer, subject, "dashboard");
        db.Add(AcceptInvitation.NewMember(account, Enum.Parse<StudioRole>(role, ignoreCase: true), new AccountProfile(email, role), TimeProvider.System.GetUtcNow()));
        await db.SaveChangesAsync();
        return true;
    });

    /// <summary>A publishable key for this origin, as text.</summary>
    public async Task<string> PublishableKeyAsync(string origin = "https://anna.example")
    {
        var answer = await Api.PostAsync("/v1/keys", new { name = "Storefront", kind = "publishable", origins = new[] { origin } });
        answer.ShouldBe(201);
        return answer.Body!["key"]!.GetValue<string>();
    }
}

/// <summary>A signed-in member of a studio.</summary>
public sealed class MemberClient(ApiHost host, StudioClient studio, string subject, string email, string scope)
{
    public static string AllScopes { get; } = string.Join(' ', Scopes.OfTokens.Keys);

    public string Subject => subject;

    public string Email => email;

    /// <summary>With a token for the studio.</summary>
    public ApiClient Api { get; } = host.Client(host.Authority.Token(subject, studio.Slug, scope));

    /// <summary>With a token that names no studio.</summary>
    public ApiClient Account => host.Client(host.Authority.Token(subject, null, scope));
}
