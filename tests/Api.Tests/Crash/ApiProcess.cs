using System.Diagnostics;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>
/// The built API with its imaging workers, in its own process group, to be killed without warning. It dies with this test process, however
/// that ends.
/// </summary>
internal sealed class ApiProcess(Uri address, IReadOnlyDictionary<string, string> settings, string log) : IAsyncDisposable
{
    // Reads until it is told to stop, or until its standard input closes with the test process. If this shell is killed, the API's process dies
    // with it, and then its workers notice.
    private const string Keeper =
        """
        trap '' INT TERM HUP
        log=$1
        shift
        setsid setpriv --pdeathsig KILL "$@" < /dev/null >> "$log" 2>&1 &
        group=$!
        read -r _
        kill -KILL "-$group"
        wait "$group" 2> /dev/null
        """;

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private Process? _keeper;

    public static bool CanRun => OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid") && File.Exists("/usr/bin/setpriv");

    public Uri Address => address;

    public IReadOnlyDictionary<string, string> Settings => settings;

    public bool IsRunning => _keeper is not null;

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Keeper, "keeper", log, "dotnet", Path.Combine(AppContext.BaseDirectory, "Proofsheet.Api.dll"), $"--urls={address.GetLeftPart(UriPartial.Authority)}"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _keeper = Process.Start(start)!;
        await UntilReadyAsync();
    }

    /// <summary>Starts the API alone, without a keeper, so that its end can be seen and it can be asked to stop. It may end before it is ready.</summary>
    public Process StartAlone(params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec setpriv --pdeathsig KILL \"$@\" < /dev/null >> \"$log\" 2>&1", "alone", log, "dotnet", Path.Combine(AppContext.BaseDirectory, "Proofsheet.Api.dll"), $"--urls={address.GetLeftPart(UriPartial.Authority)}"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings.Select(s => (s.Key, s.Value)).Concat(more))
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return Process.Start(start)!;
    }

    public async Task UntilReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new Xunit.Sdk.XunitException($"The API did not start within a minute. Its log ends with:\n{LogTail()}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Sends SIGKILL to the API and all its workers.</summary>
    public async Task KillAsync()
    {
        if (_keeper is { } keeper)
        {
            _keeper = null;
            keeper.StandardInput.Close();
            await keeper.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            keeper.Dispose();
        }
    }

    public string LogTail() => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(30)) : "";

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(address, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
