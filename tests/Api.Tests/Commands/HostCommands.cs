using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Commands;

/// <summary>The executable's commands next to a running host, on its database and store, as an operator runs them.</summary>
internal static class HostCommands
{
    /// <summary>Runs a command in this process.</summary>
    public static Task<CommandResult> CommandAsync(this ApiHost api, params string[] command) =>
        Executable.RunAsync([command[0], .. api.Shared.Select(s => $"--{s.Key}={s.Value}"), .. command[1..]]);

    /// <summary>Starts a command as a process.</summary>
    public static Process BeginCommand(this ApiHost api, params string[] command)
    {
        // A test run that was started in the background ignores Ctrl-C, and its child processes would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "Proofsheet.Api.dll"), .. command])
        {
            WorkingDirectory = api.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in api.Shared)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<CommandResult> EndAsync(this Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, output, await error);
    }

    /// <summary>The same in this process, for one studio and any store.</summary>
    public static async Task<StoreReport> VerifyAsync(this ApiHost api, Id<Tenant> studio, IObjectStore? store = null, bool fix = false, bool repair = false)
    {
        var run = VerifyRun.New(new VerifyOptions("here", null, default, fix, repair));
        var services = api.Services;
        var verifier = new StoreVerifier(
            services.GetRequiredService<IServiceScopeFactory>(), store ?? services.GetRequiredService<IObjectStore>(), services.GetRequiredService<OrphanSweeper>(), new Pace(0), run);
        await verifier.VerifyAsync([studio], _ => Task.CompletedTask, default);
        return run.Report;
    }
}
