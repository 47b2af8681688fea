#nullable enable
// ./build.sh Run: the API and the storefront together, until Ctrl-C. What they keep lies in .data.
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
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
    private const string DemoState = ".data/demo.json";

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

        var addresses = new Addresses($"http://localhost:{port}", hasStorefront ? $"http://localhost:{port + 1}" : null);
        var companions = new List<Companion>();
        try
        {
            var platformKey = PlatformKey();
            companions.Add(new Companion("api", "dotnet", [api], ApiSettings(addresses, platformKey)));
            if (!UntilReady(companions[0], $"{addresses.Api}/health/ready", stop.Token)
                || !MakeDemo(api, addresses, platformKey, photos, stop.Token))
            {
                return;
            }

            if (addresses.Storefront is { } storefront)
            {
                companions.Add(new Companion("storefront", "node", [$"{Storefront}/server.mjs"], new Dictionary<string, string>
                {
                    ["PORT"] = $"{port + 1}",
                    ["PROOFSHEET_API_URL"] = addresses.Api,
                    ["PROOFSHEET_PUBLISHABLE_KEY"] = Demo("publishableKey") ?? "",
                }));
                if (!UntilReady(companions[1], storefront, stop.Token))
                {
                    return;
                }
            }

            PrintTable(addresses, platformKey);
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

    private sealed record Addresses(string Api, string? Storefront);

    private static Dictionary<string, string> ApiSettings(Addresses addresses, string platformKey) => new()
    {
        ["ASPNETCORE_URLS"] = addresses.Api,
        ["Access__PlatformKeyHash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(platformKey))),
        ["Payments__Provider"] = "Simulator",
        ["Payments__Simulator__Folder"] = System.IO.Path.GetFullPath(".data/payments"),
        ["Mail__Folder"] = System.IO.Path.GetFullPath(".data/mail"),
        ["Storage__Disk__Root"] = System.IO.Path.GetFullPath(".data/objects"),
        ["Storefront__BaseUrl"] = addresses.Storefront ?? addresses.Api,
        // The links in mails: without a request there is no host to take them from.
        ["Photos__PublicUrl"] = addresses.Api,
        ["Downloads__PublicUrl"] = addresses.Api,
    };

    /// The platform key of this checkout: made once, readable by its owner alone.
    private static string PlatformKey()
    {
        const string file = ".data/platform.key";
        if (!System.IO.File.Exists(file))
        {
            var random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
            System.IO.Directory.CreateDirectory(".data");
            using (var writer = new StreamWriter(file + ".part", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                writer.WriteLine($"ps_platform_{random}");
            }

            System.IO.File.Move(file + ".part", file);
        }

        return System.IO.File.ReadAllText(file).Trim();
    }

    /// samples/demo-studio does it through the SDK; it shows its progress, and does nothing that is done already.
    private static bool MakeDemo(string api, Addresses addresses, string platformKey, string? photos, CancellationToken stop)
    {
        const string painted = ".data/demo-pictures";
        if (photos is null && Demo("published") is null)
        {
            Console.WriteLine("Painting pictures for the demo gallery (--photos=DIR takes your own) ...");
            if (!Attached("dotnet", [api, "demo-pictures", $"--out={painted}"], new(), stop))
            {
                return false;
            }
        }

        return Attached("node", ["samples/demo-studio/seed.mjs"], new()
        {
            ["PROOFSHEET_API_URL"] = addresses.Api,
            ["PROOFSHEET_STOREFRONT_URL"] = addresses.Storefront ?? addresses.Api,
            ["PROOFSHEET_PLATFORM_KEY"] = platformKey,
            ["PROOFSHEET_PHOTOS"] = System.IO.Path.GetFullPath(photos ?? painted),
            ["PROOFSHEET_DEMO_STATE"] = System.IO.Path.GetFullPath(DemoState),
        }, stop);
    }

    /// Runs a program that shares our terminal to its end; false when it was stopped.
    private static bool Attached(string program, string[] arguments, Dictionary<string, string> environment, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new StepFailed($"{program} did not start");
        using var stopping = stop.Register(() => process.Kill(entireProcessTree: true));
        process.WaitForExit();
        if (stop.IsCancellationRequested)
        {
            return false;
        }

        return process.ExitCode == 0 ? true : throw new StepFailed($"{program} {string.Join(' ', arguments)} failed");
    }

    private static string? Demo(string name)
    {
        if (!System.IO.File.Exists(DemoState))
        {
            return null;
        }

        using var demo = JsonDocument.Parse(System.IO.File.ReadAllText(DemoState));
        return demo.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
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

    private static void PrintTable(Addresses addresses, string platformKey)
    {
        (string Name, string? Value)[] rows =
        [
            ("API", addresses.Api),
            ("Reference", $"{addresses.Api}/reference"),
            ("Storefront", addresses.Storefront),
            ("Gallery", Demo("gallery")),
            ("PIN", Demo("pin")),
            ("Secret key", Demo("secretKey")),
            ("Publishable key", Demo("publishableKey")),
            ("Platform key", platformKey),
            ("Discount code", "THANKYOU"),
            ("Test card", "4242 4242 4242 4242, any later date and CVC"),
            ("Mails", System.IO.Path.GetFullPath(".data/mail")),
        ];
        Console.WriteLine();
        foreach (var (name, value) in rows.Where(r => r.Value is not null))
        {
            Console.WriteLine($"  {name,-15}  {value}");
        }

        Console.WriteLine("\nEverything is kept in .data. Ctrl-C stops it all.");
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
