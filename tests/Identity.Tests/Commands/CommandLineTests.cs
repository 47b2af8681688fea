using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Commands;

/// <summary>The executable's commands, run like an operator would, on the database of the tests.</summary>
[Trait("Database", "Provider")]
public sealed class CommandLineTests(IdentityHost host)
{
    private const string Password = "Quiet-Harbor-2026";

    [Fact]
    public async Task A_user_made_by_command_is_confirmed_and_has_that_password()
    {
        var email = $"{Guid.NewGuid():N}@example.com";

        var (code, output) = await RunAsync(Password, "create-user", $"--email={email}", "--name=Anna Lindqvist");

        code.Should().Be(0, output);
        await using var scope = host.Database();
        var user = await scope.Db.Users.SingleAsync(u => u.Email == email);
        output.Should().Contain($"subject {user.Id}").And.NotContain(Password);
        (user.EmailConfirmed, user.DisplayName, user.LockoutEnabled).Should().Be((true, "Anna Lindqvist", true));
        user.PasswordHash.Should().StartWith("b1.");

        var again = await RunAsync("Another-Harbor-2026", "create-user", $"--email={email.ToUpperInvariant()}", "--name=Somebody else");
        again.Output.Should().Contain($"subject {user.Id}");
        await using var later = host.Database();
        var kept = await later.Db.Users.SingleAsync(u => u.Id == user.Id);
        (kept.PasswordHash, kept.DisplayName).Should().Be((user.PasswordHash, "Anna Lindqvist"), "an account that is there stays as it is");
    }

    [Fact]
    public async Task A_user_with_a_weak_password_or_no_address_is_refused_with_all_that_is_wrong()
    {
        var (code, output) = await RunAsync("password", "create-user", "--email=nobody", "--name=");

        code.Should().Be(1);
        output.Should().Contain("--email").And.Contain("--name").And.Contain("at least 12 characters");
    }

    [Fact]
    public async Task A_new_client_secret_comes_with_its_hash()
    {
        var (code, output) = await RunAsync("", "new-client-secret");

        code.Should().Be(0, output);
        var words = output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        words[1].Length.Should().BeGreaterThanOrEqualTo(43);
        words[3].Should().Be(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(words[1]))));
    }

    [Fact]
    public async Task An_unknown_command_is_refused_and_the_known_ones_are_named()
    {
        var (code, output) = await RunAsync("", "make-coffee");

        code.Should().Be(2);
        output.Should().Contain("make-coffee").And.Contain("create-user");
    }

    [Fact]
    public async Task A_key_is_withdrawn_by_command()
    {
        await using var own = await IdentityHost.StartAsync();
        var command = new CommandLineTests(own);

        var (code, listed) = await command.RunAsync("", "keys");
        code.Should().Be(0, listed);
        var kid = listed.Split('\n').Single(l => l.Contains("  ES256  signs from", StringComparison.Ordinal)).Split(' ')[0]; // The output includes the log.
        var withdrawn = await command.RunAsync("", "withdraw-key", $"--kid={kid}");

        withdrawn.Code.Should().Be(0, withdrawn.Output);
        (await command.RunAsync("", "withdraw-key", $"--kid={kid}")).Code.Should().Be(1);
        using var http = own.Http();
        var set = await http.GetStringAsync("/.well-known/openid-configuration/jwks");
        set.Should().NotContain(kid).And.Contain("ES256");
    }

    private async Task<(int Code, string Output)> RunAsync(string input, params string[] command)
    {
        var folder = TestFolder.New("identity-command");
        try
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Proofsheet.Identity.dll"), .. command])
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
            start.Environment["Database__Provider"] = IdentityHost.OnPostgres ? "Postgres" : "Sqlite";
            start.Environment["Database__ConnectionString"] = host.Connection;
            start.Environment["Database__MigrateAtStart"] = "false";
            start.Environment["Keyring__File"] = Path.Combine(host.Folder, "master.keys");
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteLineAsync(input);
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
