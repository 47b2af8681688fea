using System.Diagnostics;
using FluentAssertions;
using Microsoft.Data.Sqlite;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Commands;

/// <summary>The executable's commands in Production, without the settings that only serving needs.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("new-platform-key")]
    [InlineData("migrate")]
    [InlineData("create-studio", "--name=Anna", "--slug=anna", "--currency=USD")]
    public async Task A_command_needs_no_payment_settings(params string[] command)
    {
        var (code, output) = await RunAsync(command);

        code.Should().Be(0, output);
    }

    [Theory]
    [InlineData("https://identity.example", 0)]
    [InlineData("https://identity.example/", 1)]
    public async Task Staff_is_of_an_authority_that_is_configured(string issuer, int expected)
    {
        var (code, output) = await RunAsync(["add-platform-staff", $"--issuer={issuer}", "--subject=17", "--name=Anna", "--Authorities:0:Issuer=https://identity.example"]);

        code.Should().Be(expected, output);
    }

    [Fact]
    public async Task Started_from_any_folder_the_program_has_its_own_settings()
    {
        // Without them, every statement of the migrations and of everything later would be logged.
        var folder = TestFolder.New("command");
        var (code, output) = await RunProcessAsync(["migrate"], folder);
        Directory.Delete(folder, recursive: true);

        code.Should().Be(0, output);
        output.Should().NotContain("Microsoft.EntityFrameworkCore");
    }

    [Fact]
    public async Task A_setting_by_its_old_name_is_refused_with_its_present_one()
    {
        var (code, output) = await RunAsync(["migrate", "--Photos:PublicUrl=https://anna.example"]);

        code.Should().Be(1);
        output.Trim().Should().Be("The setting Photos:PublicUrl is called Api:PublicUrl now.");
    }

    [Fact]
    public async Task An_unknown_command_is_refused_and_the_known_ones_are_named()
    {
        var (code, output) = await RunAsync(["make-coffee"]);

        code.Should().Be(2);
        output.Should().Contain("make-coffee").And.Contain("create-studio");
    }

    [Fact]
    public async Task A_studio_gets_a_member_by_command_once_and_another_role_by_the_same()
    {
        string[] Member(string role, string studio = "anna") => ["add-member", $"--studio={studio}", "--issuer=https://id.example", "--subject=usr_1", $"--role={role}"];

        var (code, output) = await RunAsync(["create-studio", "--name=Anna", "--slug=anna", "--currency=USD"], Member("owner"), Member("editor"));

        code.Should().Be(0, output);
        output.Should().Contain("usr_1 is editor of anna");
        (await RunAsync(Member("owner", "nobodys"))).Code.Should().Be(1);
        (await RunAsync(["create-studio", "--name=Anna", "--slug=anna", "--currency=USD"], Member("king"))).Code.Should().Be(1);
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("create-studio", "--name=Anna", "--slug=anna", "--currency=USD")]
    public async Task A_database_of_another_version_is_refused_in_one_line_and_left_as_it_is(params string[] command)
    {
        var folder = TestFolder.New("command");
        try
        {
            (await RunProcessAsync(["migrate"], folder)).Code.Should().Be(0);
            var file = Directory.EnumerateFiles(folder, "*.db", SearchOption.AllDirectories).Single();
            Execute(file, "UPDATE \"__EFMigrationsHistory\" SET \"MigrationId\" = '20200101000000_Earlier'; PRAGMA wal_checkpoint(TRUNCATE);");
            var before = await File.ReadAllBytesAsync(file);

            var (code, output) = await RunProcessAsync(command, folder);

            code.Should().Be(1);
            output.Trim().Should().NotContain("\n").And.Contain(file).And.Contain("20200101000000_Earlier").And.Contain("Move the file away");
            (await File.ReadAllBytesAsync(file)).Should().Equal(before);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[][] commands)
    {
        var folder = TestFolder.New("command");
        try
        {
            var last = (Code: 0, Output: "");
            foreach (var command in commands)
            {
                last = await RunAsync(command, folder);
            }

            return last;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string[] command, string folder)
    {
        var result = await Executable.RunAsync(
            [.. command, $"--Database:ConnectionString=Data Source={Path.Combine(folder, "proofsheet.db")};Pooling=False", $"--Keyring:File={Path.Combine(folder, "master.keys")}"]);
        return (result.Code, result.Output + result.Error);
    }

    /// <summary>Like an operator, in a folder where nothing is configured.</summary>
    private static async Task<(int Code, string Output)> RunProcessAsync(string[] command, string folder)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Proofsheet.Api.dll"), .. command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        using var process = Process.Start(start)!;
        var result = await process.EndAsync();
        return (result.Code, result.Output + result.Error);
    }
}
