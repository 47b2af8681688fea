using System.Diagnostics;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>Third-party servers, started for this test process: they end with it, however that ends.</summary>
internal static class LocalServers
{
    // Runs as long as its standard input is open, which is as long as the test process lives. $1 is the folder; each further argument is the command
    // line of one server. Signals that a shell ignores are ignored by its children too, and Swift's servers never change that: without the reset
    // they would survive the kill.
    private const string Keeper =
        """
        trap '' INT TERM HUP
        folder=$1
        shift
        cd "$folder" || exit 1
        servers=
        number=0
        for command in "$@"; do
          number=$((number + 1))
          (trap - TERM && exec setpriv --pdeathsig TERM sh -c "exec $command") < /dev/null > "server-$number.log" 2>&1 &
          servers="$servers $!"
        done
        read -r _
        kill -TERM $servers 2> /dev/null
        wait $servers
        cd / && rm -rf "$folder"
        """;

    // Never released: if one were collected, its standard input would close, and its servers would end.
    private static readonly List<Process> Keepers = [];

    public static string NewFolder(string name) => TestFolder.New(name);

    /// <summary>Starts the commands in the folder, which is deleted with them, and waits until the port responds to HTTP.</summary>
    public static async Task StartAsync(string folder, int port, params string[] commands)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Keeper, "keeper", folder, .. commands])
        {
            start.ArgumentList.Add(argument);
        }

        var keeper = Process.Start(start)!;
        lock (Keepers)
        {
            Keepers.Add(keeper);
        }

        var clock = Stopwatch.StartNew();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
                return;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !keeper.HasExited && clock.Elapsed < TimeSpan.FromMinutes(3))
            {
                await Task.Delay(100);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                var logs = Directory.Exists(folder) ? Directory.GetFiles(folder, "server-*.log").Select(File.ReadAllText) : [];
                throw new InvalidOperationException($"The server did not start.\n{string.Join('\n', logs)}");
            }
        }
    }
}
