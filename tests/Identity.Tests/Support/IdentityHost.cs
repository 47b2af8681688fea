using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Users.Passwords;
using Xunit;

[assembly: AssemblyFixture(typeof(IdentityHost))]

namespace Proofsheet.Identity.Tests.Support;

/// <summary>
/// The real authority on a real socket with a real database: SQLite by default, PostgreSQL with PROOFSHEET_TEST_DATABASE=postgres. One host serves all
/// tests that take it as the assembly fixture; a test that moves the clock or changes settings creates its own with <see cref="StartAsync"/>.
/// </summary>
public sealed class IdentityHost : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IServiceCollection>? _services;
    private readonly string _folder = TestFolder.New("identity");
    private readonly string? _sharedConnection;
    private readonly string? _sharedKeys;
    private Factory? _factory;

    public IdentityHost()
        : this([], null, null)
    {
    }

    private IdentityHost(Dictionary<string, string?> settings, Action<IServiceCollection>? services, IdentityHost? besides)
    {
        _settings = settings;
        _services = services;
        _sharedConnection = besides?.Connection;
        _sharedKeys = besides is null ? null : Path.Combine(besides._folder, "master.keys");
        Clock = besides?.Clock ?? new();
        Sessions = besides?.Sessions ?? new();
    }

    public static bool OnPostgres => Environment.GetEnvironmentVariable("PROOFSHEET_TEST_DATABASE") == "postgres";

    /// <summary>The clock of the whole authority.</summary>
    public ShiftedClock Clock { get; }

    /// <summary>Sign-ins without a page: see <see cref="TestSessions"/>.</summary>
    public TestSessions Sessions { get; }

    /// <summary>http://localhost:PORT/: passkeys and secure cookies need a host name that browsers trust without TLS.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The <c>iss</c> of this host: its URL without the trailing slash.</summary>
    public string Issuer => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Where this host keeps its files; mails are in <c>mail</c>.</summary>
    public string Folder => _folder;

    public string Connection { get; private set; } = "";

    public IServiceProvider Services => _factory!.Services;

    /// <summary>Starts a separate host, with other settings or services.</summary>
    public static async Task<IdentityHost> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var host = new IdentityHost(settings ?? [], services, null);
        await host.InitializeAsync();
        return host;
    }

    /// <summary>Starts a second process of the same authority: separate memory, but the same database, keys, issuer and clock.</summary>
    public async Task<IdentityHost> StartAnotherAsync(Dictionary<string, string?>? settings = null)
    {
        var host = new IdentityHost(new(settings ?? _settings) { ["Identity:Issuer"] = Issuer }, _services, this);
        await host.InitializeAsync();
        return host;
    }

    public async ValueTask InitializeAsync()
    {
        Connection = _sharedConnection ?? await TestDatabase.CreateAsync(OnPostgres, _folder);
        var settings = new Dictionary<string, string?>
        {
            ["Database:Provider"] = OnPostgres ? "Postgres" : "Sqlite",
            ["Database:ConnectionString"] = Connection,
            ["Database:MigrateAtStart"] = "false",
            ["Keyring:File"] = _sharedKeys ?? Path.Combine(_folder, "master.keys"),
            ["Mail:Folder"] = Path.Combine(_folder, "mail"),
            ["Outbox:PollMilliseconds"] = "200",
            ["Outbox:BackoffMilliseconds"] = "50",
            // All tests come from one address.
            ["Identity:RateLimits:RequestsPerMinute"] = "1000000",
            ["Limits:SignInsPerAddressPer15Minutes"] = "1000000",
            ["Limits:AccountsPerAddressPerHour"] = "1000000",
            ["Limits:MailsPerAddressPerHour"] = "1000000",
        };
        foreach (var (name, value) in TestClients.Settings().Concat(_settings))
        {
            settings[name] = value;
        }

        _factory = new Factory(settings, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.Replace(ServiceDescriptor.Singleton<IOptions<AuthorityOptions>>(provider => new LateIssuer(this, provider.GetRequiredService<IConfiguration>())));
            services.Replace(ServiceDescriptor.Singleton(provider => QuickPasswords(provider.GetRequiredService<IConfiguration>())));
            Sessions.Decorate(services);
            _services?.Invoke(services);
        });
        _factory.UseKestrel();
        _factory.StartServer();
        Address = new UriBuilder(_factory.ClientOptions.BaseAddress) { Host = "localhost" }.Uri;
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        if (_sharedConnection is null && Connection.Length > 0)
        {
            await TestDatabase.DropAsync(OnPostgres, Connection);
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A client without cookies that shows redirects instead of following them.</summary>
    public HttpClient Http() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
    {
        BaseAddress = Address,
    };

    /// <summary>A separate context on the database, bypassing the host: for inspecting rows.</summary>
    internal TestScope Database() => new(OnPostgres, Connection);

    /// <summary>The mails that were sent to an address, oldest first, from the folder.</summary>
    public IReadOnlyList<string> MailsTo(string address) => !Directory.Exists(Path.Combine(_folder, "mail"))
        ? []
        : [.. Directory.EnumerateFiles(Path.Combine(_folder, "mail"), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(m => m.Contains(address, StringComparison.OrdinalIgnoreCase))];

    /// <summary>Waits until a condition holds; fails with the description after a timeout.</summary>
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

    /// <summary>
    /// The lowest cost that bcrypt knows, which the program's settings do not allow, unless the test sets one: hashing would be most of the tests' work.
    /// </summary>
    private static IOptions<PasswordSettings> QuickPasswords(IConfiguration configuration) => Options.Create(new ConfigurationBuilder()
        .AddInMemoryCollection([KeyValuePair.Create("Cost", (string?)"4")])
        .AddConfiguration(configuration.GetSection("Passwords"))
        .Build()
        .Get<PasswordSettings>()!);

    private sealed class Factory(Dictionary<string, string?> settings, Action<IServiceCollection> services) : WebApplicationFactory<AuthorityOptions>
    {
        private readonly WatchedStart _start = new();

        protected override IHost CreateHost(IHostBuilder builder) => _start.Start(builder);

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
            builder.ConfigureTestServices(s => s.Replace(ServiceDescriptor.Singleton<IHostLifetime>(_start)));
        }
    }

    /// <summary>The issuer is the host's URL, which is known only once the socket listens.</summary>
    private sealed class LateIssuer(IdentityHost host, IConfiguration configuration) : IOptions<AuthorityOptions>
    {
        private AuthorityOptions? _late;

        public AuthorityOptions Value => host.Address is null ? Bind(null) : _late ??= Bind(host._settings.GetValueOrDefault("Identity:Issuer") ?? host.Issuer);

        private AuthorityOptions Bind(string? issuer)
        {
            var section = new ConfigurationBuilder()
                .AddConfiguration(configuration.GetSection("Identity"))
                .AddInMemoryCollection(issuer is null ? [] : [KeyValuePair.Create("Issuer", (string?)issuer)])
                .Build();
            return section.Get<AuthorityOptions>() ?? new AuthorityOptions();
        }
    }
}

/// <summary>A database context that closes with the scope.</summary>
internal sealed class TestScope(bool postgres, string connection) : IAsyncDisposable
{
    public IdentityDb Db { get; } = TestDatabase.Open(postgres, connection);

    public ValueTask DisposeAsync() => Db.DisposeAsync();
}
