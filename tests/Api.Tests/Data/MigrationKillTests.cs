using System.Diagnostics;
using FluentAssertions;
using Microsoft.Data.Sqlite;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Data;

/// <summary>Real processes that migrate an SQLite database, and are killed while they do.</summary>
[Trait("Suite", "Ci")]
public sealed class MigrationKillTests : IDisposable
{
    private readonly string _folder = TestFolder.NewOnDisk("migrate");

    private string Database => Path.Combine(_folder, "proofsheet.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_process_killed_during_the_migration_leaves_a_database_that_the_next_one_migrates()
    {
        var wasLeft = false;
        for (var attempt = 0; attempt < 20 && !wasLeft; attempt++)
        {
            DeleteDatabase();
            using var dying = Migrate();
            while (!dying.HasExited && !IsLocked())
            {
            }

            dying.Kill(entireProcessTree: true);
            await dying.WaitForExitAsync(TestContext.Current.CancellationToken);
            wasLeft = IsLocked();
        }

        wasLeft.Should().BeTrue("a process was killed while it held the lock");
        using var next = Migrate();
        await next.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));

        next.ExitCode.Should().Be(0);
        Scalar("SELECT COUNT(*) FROM studios").Should().Be(0);
        IsLocked().Should().BeFalse();
    }

    [Fact]
    public async Task Of_several_processes_that_start_at_once_one_migrates_and_all_succeed()
    {
        var starting = Enumerable.Range(0, 3).Select(_ => Migrate()).ToList();

        foreach (var process in starting)
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(90));
            process.ExitCode.Should().Be(0);
            process.Dispose();
        }

        Scalar("SELECT COUNT(*) FROM studios").Should().Be(0);
    }

    private Process Migrate()
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, WorkingDirectory = _folder };
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "Proofsheet.Api.dll"), "migrate", $"--Database:ConnectionString=Data Source={Database}", $"--Keyring:File={_folder}/keys"])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private bool IsLocked() => File.Exists(Database) && Scalar("""SELECT COUNT(*) FROM "__EFMigrationsLock" """) == 1;

    private long Scalar(string sql)
    {
        try
        {
            using var connection = new SqliteConnection($"Data Source={Database};Mode=ReadWrite;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            // There is no such table yet, or the other process is just making the file.
            return -1;
        }
    }

    private void DeleteDatabase()
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "proofsheet.db*"))
        {
            File.Delete(file);
        }
    }
}
