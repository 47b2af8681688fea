#nullable enable
// ./build.sh Run: the API and the storefront together, until Ctrl-C. What they keep lies in .data.
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;

/// A program that runs beside us; its structured log lines go to a file, everything else it says is shown.
class Companion : IDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;

    public Companion(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        Name = name;
        LogFile = $".data/logs/{name}.log";
        System.IO.Directory.CreateDirectory(".data/logs");
        _log = new StreamWriter(LogFile, append: false) { AutoFlush = true };
        var start = new ProcessStartInfo("sh", ["build/attached.sh", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        _process = Process.Start(start) ?? throw new StepFailed($"{name} did not start");
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public string LogFile { get; }

    public bool Ended => _process.HasExited;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.WaitForExit();
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.WriteLine(line);
        }

        if (!line.StartsWith('{'))
        {
            Console.WriteLine(line);
        }
    }
}

static class Product
{
    private const string Storefront = "samples/storefront";

    public static void Run(string api, string? photos, int port)
    {
        if (photos is not null && !System.IO.Directory.Exists(photos))
        {
            throw new StepFailed($"--photos: there is no folder {photos}");
        }

        var hasStorefront = System.IO.File.Exists($"{Storefront}/server.mjs");
        int[] ports = hasStorefront ? [port, port + 1] : [port];
        if (ports.FirstOrDefault(p => !IsFree(p)) is var taken and not 0)
        {
            throw new StepFailed($"port {taken} is in use; choose others with --port=N (the API takes N, the storefront N+1)");
        }

        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);

        var apiAddress = $"http://localhost:{port}";
        var storefrontAddress = $"http://localhost:{port + 1}";
        var companions = new List<Companion>();
        try
        {
            companions.Add(new Companion("api", "dotnet", [api], new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = apiAddress,
                ["Proofsheet__Demo"] = "true",
                ["Proofsheet__DemoPhotos"] = photos ?? "",
                ["Proofsheet__Storefront"] = storefrontAddress,
            }));
            if (!UntilReady(companions[0], $"{apiAddress}/health/ready", stop.Token))
            {
                return;
            }

            if (hasStorefront)
            {
                companions.Add(new Companion("storefront", "node", [$"{Storefront}/server.mjs"], new Dictionary<string, string>
                {
                    ["PORT"] = $"{port + 1}",
                    ["PROOFSHEET_API"] = apiAddress,
                }));
                if (!UntilReady(companions[1], storefrontAddress, stop.Token))
                {
                    return;
                }
            }

            PrintTable(apiAddress, hasStorefront ? storefrontAddress : null);
            while (!stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(1)))
            {
                ThrowIfEnded(companions);
            }
        }
        finally
        {
            Console.WriteLine("\nStopping ...");
            foreach (var companion in Enumerable.Reverse(companions))
            {
                companion.Dispose();
            }
        }
    }

    private static bool UntilReady(Companion companion, string address, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        while (!stop.IsCancellationRequested)
        {
            ThrowIfEnded([companion]);
            try
            {
                using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, address), stop);
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Not listening yet, or not answering yet.
            }

            if (clock.Elapsed - told > TimeSpan.FromSeconds(10))
            {
                told = clock.Elapsed;
                Console.WriteLine($"The {companion.Name} is getting ready ({told.TotalSeconds:0} s; log in {companion.LogFile}) ...");
            }

            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
        }

        return false;
    }

    private static void ThrowIfEnded(IEnumerable<Companion> companions)
    {
        if (companions.FirstOrDefault(c => c.Ended) is { } ended)
        {
            Thread.Sleep(200);
            using var log = new StreamReader(new FileStream(ended.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var tail = log.ReadToEnd().Split('\n').TakeLast(15);
            throw new StepFailed($"the {ended.Name} stopped by itself; the end of {ended.LogFile}:\n{string.Join('\n', tail)}");
        }
    }

    /// The addresses, and what the API wrote down about its demo studio: keys, the gallery, its PIN.
    private static void PrintTable(string api, string? storefront)
    {
        var rows = new List<(string Name, string Value)> { ("API", api), ("Reference", $"{api}/openapi") };
        if (storefront is not null)
        {
            rows.Add(("Storefront", storefront));
        }

        if (System.IO.File.Exists(".data/demo.json"))
        {
            using var demo = JsonDocument.Parse(System.IO.File.ReadAllText(".data/demo.json"));
            rows.AddRange(demo.RootElement.EnumerateObject().Select(p => (p.Name, p.Value.ToString())));
        }

        var width = rows.Max(r => r.Name.Length);
        Console.WriteLine();
        foreach (var (name, value) in rows)
        {
            Console.WriteLine($"  {name.PadRight(width)}  {value}");
        }

        Console.WriteLine("\nData is kept in .data. Ctrl-C stops everything.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new TcpListener(System.Net.IPAddress.Loopback, port);
            socket.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
