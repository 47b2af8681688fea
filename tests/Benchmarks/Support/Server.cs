using System.Diagnostics;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Benchmarks.Support;

/// <summary>A server in a separate process, with a free port and its own folder; disposing stops it.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly ProcessStartInfo _start;
    private Process _process;

    private Server(ProcessStartInfo start, Process process, Uri address, string folder) => (_start, _process, Address, Folder) = (start, process, address, folder);

    public Uri Address { get; }

    public string Folder { get; }

    public double StartedAfterSeconds { get; private set; }

    /// <summary>Resident memory of the process and its children, MB.</summary>
    public double ResidentMegabytes => Resident(_process.Id) / 1024.0;

    /// <summary>Resident memory of the process itself, without its children, MB.</summary>
    public double OwnMegabytes => Status(_process.Id, "VmRSS") / 1024.0;

    /// <summary>The peak memory of the process itself since it started, without its children, MB.</summary>
    public double PeakMegabytes => Status(_process.Id, "VmHWM") / 1024.0;

    /// <summary>Its children: for the API, the imaging workers.</summary>
    public IReadOnlyList<int> ChildIds => [.. Children(_process.Id)];

    /// <summary>The peak memory of each child, MB; without those that are just exiting.</summary>
    public IReadOnlyList<double> ChildPeaksMegabytes
    {
        get
        {
            var peaks = new List<double>();
            foreach (var child in ChildIds)
            {
                try
                {
                    peaks.Add(Status(child, "VmHWM") / 1024.0);
                }
                catch (Exception e) when (e is IOException or InvalidOperationException)
                {
                    // It has exited since it was listed, or no longer has memory.
                }
            }

            return peaks;
        }
    }

    /// <summary>User and system time of the process and its children, as Http counts them: in hundredths.</summary>
    public double CpuSeconds => CpuTicks(_process.Id) / 100.0;

    public static Task<Server> ApiAsync(string platformKeyHash, Dictionary<string, string>? more = null)
    {
        var folder = Directory.CreateTempSubdirectory("proofsheet-bench-").FullName;
        var settings = new Dictionary<string, string>
        {
            ["Database__ConnectionString"] = $"Data Source={folder}/bench.db",
            ["Keyring__File"] = $"{folder}/keys",
            ["Storage__Disk__Root"] = $"{folder}/objects",
            ["Payments__Provider"] = "Simulator",
            ["Payments__Simulator__Folder"] = $"{folder}/payments",
            ["Mail__Folder"] = $"{folder}/mail",
            ["Access__PlatformKeyHash"] = platformKeyHash,
            ["RateLimits__AnonymousPerHour"] = "100000000",
            ["RateLimits__KeyPerHour"] = "100000000",
            ["RateLimits__VisitorPerHour"] = "100000000",
        };
        foreach (var (name, value) in more ?? [])
        {
            settings[name] = value;
        }

        return StartAsync(folder, TestPort.Free(), "dotnet", [Path.Combine(AppContext.BaseDirectory, "Proofsheet.Api.dll")], settings);
    }

    /// <summary>Migrates the API's database that the settings name.</summary>
    public static async Task MigrateAsync(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Proofsheet.Api.dll"), "migrate"]) { WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var migrating = Process.Start(start)!;
        await migrating.WaitForExitAsync();
        if (migrating.ExitCode != 0)
        {
            throw new InvalidOperationException("The database could not be migrated.");
        }
    }

    /// <summary>The authority, with these settings; <paramref name="prepare"/> runs before it starts, with the same settings.</summary>
    public static async Task<Server> AuthorityAsync(Dictionary<string, string> settings, Func<Dictionary<string, string>, Task> prepare)
    {
        var folder = Directory.CreateTempSubdirectory("proofsheet-bench-").FullName;
        var port = TestPort.Free();
        var all = new Dictionary<string, string>(settings)
        {
            ["Database__ConnectionString"] = $"Data Source={folder}/identity.db",
            ["Keyring__File"] = $"{folder}/keys",
            ["Mail__Folder"] = $"{folder}/mail",
            ["Identity__Issuer"] = $"http://127.0.0.1:{port}",
        };
        await prepare(all);
        return await StartAsync(folder, port, "dotnet", [Checkout.Authority], all);
    }

    /// <param name="database">The file that <see cref="BareList"/> reads; null for none.</param>
    public static Task<Server> BareAsync(string? database = null) => StartAsync(
        Directory.CreateTempSubdirectory("proofsheet-bench-").FullName, TestPort.Free(), "dotnet", [typeof(Server).Assembly.Location, "bare-server", "ADDRESS", .. database is null ? Array.Empty<string>() : [database]], []);

    /// <summary>The API's database.</summary>
    public string Database => $"{Folder}/bench.db";

    /// <summary>Our renderer, which makes a picture of this master for each request.</summary>
    public static Task<Server> RenderAsync(string master) => StartAsync(
        Directory.CreateTempSubdirectory("proofsheet-bench-").FullName, TestPort.Free(), "dotnet", [typeof(Server).Assembly.Location, "render-server", "ADDRESS", master], []);

    /// <summary>nginx serving a folder with sendfile: what a plain file server achieves on this machine.</summary>
    public static Task<Server> NginxAsync(string root)
    {
        var folder = Directory.CreateTempSubdirectory("proofsheet-bench-").FullName;
        var port = TestPort.Free();
        File.WriteAllText(Path.Combine(folder, "nginx.conf"), $$"""
            daemon off; worker_processes 2; pid {{folder}}/nginx.pid; error_log {{folder}}/error.log;
            user root;
            events { worker_connections 512; }
            http {
              sendfile on; tcp_nopush on; access_log off; keepalive_requests 1000000;
              client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              server { listen 127.0.0.1:{{port}}; root {{root}}; location = /health/ready { return 200; } }
            }
            """);
        return StartAsync(folder, port, "nginx", ["-c", Path.Combine(folder, "nginx.conf"), "-p", folder], []);
    }

    /// <summary>A script in tests/Benchmarks/npm, which is given its port and these arguments.</summary>
    public static Task<Server> NodeAsync(string script, params string[] arguments)
    {
        var port = TestPort.Free();
        return StartAsync(Directory.CreateTempSubdirectory("proofsheet-bench-").FullName, port, "node", [Path.Combine(Checkout.Root, "tests", "Benchmarks", "npm", script), port.ToString(), .. arguments], []);
    }

    /// <summary>Sends SIGKILL to the process alone, and restarts it with the same folder and port.</summary>
    public async Task KillAndStartAgainAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        (_process, StartedAfterSeconds) = await LaunchAsync(_start, Address);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<Server> StartAsync(string folder, int port, string program, string[] arguments, Dictionary<string, string> environment)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo(program, arguments.Select(a => a == "ADDRESS" ? address.ToString() : a)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var (process, seconds) = await LaunchAsync(start, address);
        return new Server(start, process, address, folder) { StartedAfterSeconds = seconds };
    }

    private static async Task<(Process Process, double Seconds)> LaunchAsync(ProcessStartInfo start, Uri address)
    {
        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        var log = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) => log.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = address };
        while (true)
        {
            try
            {
                if ((await http.GetAsync("/health/ready")).IsSuccessStatusCode)
                {
                    return (process, clock.Elapsed.TotalSeconds);
                }
            }
            catch (HttpRequestException) when (!process.HasExited && clock.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(5);
            }
            catch (HttpRequestException)
            {
                throw new InvalidOperationException($"{start.FileName} did not start: {string.Join('\n', log.TakeLast(20))}");
            }
        }
    }

    private static long Resident(int id) => Status(id, "VmRSS") + Children(id).Sum(Resident);

    private static long Status(int id, string field) =>
        long.Parse(File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    // A child belongs to the thread that started it.
    private static IEnumerable<int> Children(int id) => Directory.EnumerateDirectories($"/proc/{id}/task")
        .SelectMany(ChildrenOf).Select(int.Parse);

    private static string[] ChildrenOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // A pool thread that has ended in the meantime.
            return [];
        }
    }

    private static long CpuTicks(int id)
    {
        // The name in parentheses may contain anything, so the fields are counted after it (proc(5): utime is field 14).
        var text = File.ReadAllText($"/proc/{id}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11]) + long.Parse(fields[12]) + Children(id).Sum(CpuTicks);
    }
}
