using System.Diagnostics;
using System.Text;
using Npgsql;
using Xunit;

namespace Proofsheet.Api.Tests.Support;

/// <summary>
/// A real PostgreSQL for this test process: started when the first test needs it, and gone when the process ends, however that happens. Tests connect
/// as the owner of their database and not as a superuser, because row-level security does not apply to superusers.
/// </summary>
internal static class PostgresServer
{
    public const string HowToInstall =
        "PostgreSQL is not installed here: apt-get install postgresql, or set PROOFSHEET_POSTGRES_BIN to the folder that holds initdb and postgres.";

    private const string Superuser = "postgres";
    private const string Owner = "proofsheet";

    // The databases are temporary, so nothing waits for the disk. The number of connections is high because idle test hosts keep theirs for a while.
    private static readonly string[] Settings =
    [
        "listen_addresses=", "fsync=off", "wal_level=minimal", "max_wal_senders=0", "synchronous_commit=off", "full_page_writes=off", "max_connections=200",
        "shared_buffers=128MB", "jit=off", "timezone=UTC", "log_timezone=UTC", "unix_socket_permissions=0777",
    ];

    // Runs as long as its standard input is open, which is as long as the test process lives. $1 is the folder, $2 the binaries, $3 the user when we
    // are root (initdb refuses to run as root); the settings follow. If this shell is killed, the server dies with it.
    private const string Keeper =
        """
        trap '' INT TERM HUP
        folder=$1 bin=$2 user=$3
        shift 3
        chmod 755 "$folder"
        as="setpriv --pdeathsig QUIT"
        if [ -n "$user" ]; then
          chown "$user" "$folder"
          as="setpriv --reuid $user --regid $(id -g "$user") --clear-groups --pdeathsig QUIT"
        fi
        cd "$folder"
        $as "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync < /dev/null > initdb.log 2>&1 || exit 1
        $as "$bin/postgres" -D data -k "$folder" "$@" < /dev/null > server.log 2>&1 &
        server=$!
        read -r _
        kill -QUIT "$server" && wait "$server"
        cd / && rm -rf "$folder"
        """;

    private static readonly Lazy<string?> Binaries = new(FindBinaries);
    private static readonly Lazy<Task<string>> Folder = new(StartAsync);
    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static int s_databases;

    // Never released: if it were collected, its standard input would close, and the server would end.
    private static Process? s_keeper;

    public static bool IsInstalled => Binaries.Value is not null;

    /// <summary>Creates a database and returns its connection string; skips the test when there is no PostgreSQL.</summary>
    /// <param name="name">A name to recognize it by; a number makes it unique.</param>
    /// <param name="template">The database to copy, which must have no connections; null for an empty one.</param>
    public static async Task<string> CreateDatabaseAsync(string name, string? template = null)
    {
        Assert.SkipUnless(IsInstalled, HowToInstall);
        var folder = await Folder.Value;
        var database = NameFor(name);

        // CREATE DATABASE copies template1 or another, which must have no other connections.
        await OneAtATime.WaitAsync();
        try
        {
            await AdministerAsync(folder, $"CREATE DATABASE \"{database}\" OWNER {Owner} TEMPLATE \"{template ?? "template1"}\"");
        }
        finally
        {
            OneAtATime.Release();
        }

        return ConnectionString(folder, Owner, database);
    }

    /// <summary>Closes this process's idle connections to a database and returns the database's name.</summary>
    public static string Release(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
        return connection.Database;
    }

    /// <summary>Drops a database; those of a long run would fill the memory that they are stored in.</summary>
    public static async Task DropDatabaseAsync(string connectionString) =>
        await AdministerAsync(await Folder.Value, $"DROP DATABASE IF EXISTS \"{Release(connectionString)}\" WITH (FORCE)");

    private static async Task AdministerAsync(string folder, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(folder, Superuser, "postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static string NameFor(string name)
    {
        var letters = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return $"{letters[..Math.Min(letters.Length, 48)]}_{Interlocked.Increment(ref s_databases)}";
    }

    // Host is the folder of the Unix socket. Connections left idle by a finished test are closed soon.
    private static string ConnectionString(string folder, string user, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = folder,
        Username = user,
        Database = database,
        MaxPoolSize = 40,
        ConnectionIdleLifetime = 10,
        ConnectionPruningInterval = 5,
        IncludeErrorDetail = true,
    }.ConnectionString;

    private static async Task<string> StartAsync()
    {
        var folder = TestFolder.New("pg");

        var user = Environment.IsPrivilegedProcess ? await UnprivilegedUserAsync() : "";
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Keeper, "keeper", folder, Binaries.Value!, user, .. Settings.SelectMany(s => (string[])["-c", s])])
        {
            start.ArgumentList.Add(argument);
        }

        s_keeper = Process.Start(start)!;
        await UntilReadyAsync(s_keeper, folder);
        return folder;
    }

    private static async Task<string> UnprivilegedUserAsync()
    {
        var users = await File.ReadAllLinesAsync("/etc/passwd");
        return users.Any(u => u.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
    }

    private static async Task UntilReadyAsync(Process keeper, string folder)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await AdministerAsync(folder, $"CREATE ROLE {Owner} LOGIN NOSUPERUSER");
                return;
            }
            catch (NpgsqlException) when (!keeper.HasExited && clock.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50);
            }
            catch (NpgsqlException)
            {
                throw new InvalidOperationException($"PostgreSQL did not start.\n{Log(folder, "initdb.log")}{Log(folder, "server.log")}");
            }
        }
    }

    private static string Log(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? new StringBuilder().AppendLine(name).AppendLine(File.ReadAllText(path)).ToString() : "";
    }

    // Debian does not put initdb on the PATH, but in a folder per version.
    private static string? FindBinaries()
    {
        if (Environment.GetEnvironmentVariable("PROOFSHEET_POSTGRES_BIN") is { Length: > 0 } named)
        {
            return HasServer(named) ? named : null;
        }

        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var version) ? version : 0)
            : Enumerable.Empty<string>();
        return versions.Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(HasServer);
    }

    private static bool HasServer(string folder) => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));
}
