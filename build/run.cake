#nullable enable
// ./build.sh Run: the API, Identity, the storefront and the account page together, until Ctrl-C. Their data is in .data.
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading;

/// A program that runs alongside this one; its structured log lines go to a file, and the rest of its output is shown.
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
    private const string PhotographerMade = ".data/photographer";

    public static void Run(Programs programs, string? photos, int port)
    {
        if (photos is not null && !System.IO.Directory.Exists(photos))
        {
            throw new StepFailed($"--photos: there is no folder {photos}");
        }

        var hasStorefront = System.IO.File.Exists($"{Storefront}/server.mjs");
        int[] ports = hasStorefront ? [port, port + 1, port + 2, port + 3] : [port, port + 2, port + 3];
        if (ports.FirstOrDefault(p => !IsFree(p)) is var taken and not 0)
        {
            throw new StepFailed($"port {taken} is in use; choose others with --port=N (the API takes N, the storefront N+1, Identity N+2, the account page N+3)");
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

        var addresses = new Addresses(port, hasStorefront);
        var companions = new List<Companion>();
        Companion Start(string name, string program, string argument, Dictionary<string, string> settings)
        {
            companions.Add(new Companion(name, program, [argument], settings));
            return companions[^1];
        }

        try
        {
            DataFolder.Check();
            var secrets = DemoSecrets.Load();
            var identity = Start("identity", "dotnet", programs.Identity, DemoSettings.OfIdentity(addresses, secrets));
            var api = Start("api", "dotnet", programs.Api, DemoSettings.OfApi(addresses, secrets));
            if (!UntilReady(identity, $"{addresses.Identity}/health/ready", stop.Token)
                || !UntilReady(api, $"{addresses.Api}/health/ready", stop.Token)
                || !MakeDemo(programs.DemoPictures, addresses, secrets.PlatformKey, photos, stop.Token)
                || !MakePhotographer(programs, addresses, secrets, stop.Token))
            {
                return;
            }

            var account = Start("account-bff", "dotnet", programs.AccountBff, DemoSettings.OfAccountBff(addresses, secrets));
            if (!UntilReady(account, $"{addresses.Account}/health", stop.Token))
            {
                return;
            }

            if (addresses.Storefront is { } storefront)
            {
                var server = Start("storefront", "node", $"{Storefront}/server.mjs", new()
                {
                    ["PORT"] = $"{port + 1}",
                    ["PROOFSHEET_API_URL"] = addresses.Api,
                    ["PROOFSHEET_PUBLISHABLE_KEY"] = Demo("publishableKey") ?? "",
                });
                if (!UntilReady(server, storefront, stop.Token))
                {
                    return;
                }
            }

            PrintTable(addresses, secrets);
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

    /// Creates the demo's photographer: an account in Identity, and the owner of the demo studio.
    private static bool MakePhotographer(Programs programs, Addresses addresses, DemoSecrets secrets, CancellationToken stop)
    {
        if (Demo("studioSlug") is not { } slug || System.IO.File.Exists(PhotographerMade) && System.IO.File.ReadAllText(PhotographerMade) == $"{slug} {addresses.Identity}")
        {
            return true;
        }

        var made = Piped(programs.Identity, ["create-user", $"--email={DemoSecrets.Email}", $"--name={DemoSecrets.Name}"], DemoSettings.OfIdentity(addresses, secrets), secrets.Password, stop);
        if (made is null)
        {
            return false;
        }

        var subject = made.Split('\n').First(l => l.StartsWith("subject ", StringComparison.Ordinal))["subject ".Length..].Trim();
        if (Piped(programs.Api, ["add-member", $"--studio={slug}", $"--issuer={addresses.Identity}", $"--subject={subject}", "--role=owner", $"--email={DemoSecrets.Email}", $"--name={DemoSecrets.Name}"],
            DemoSettings.OfApi(addresses, secrets), "", stop) is null)
        {
            return false;
        }

        System.IO.File.WriteAllText(PhotographerMade, $"{slug} {addresses.Identity}");
        return true;
    }

    /// Runs one of our commands to completion. Returns its output, or null if it was stopped.
    private static string? Piped(string assembly, string[] arguments, Dictionary<string, string> environment, string input, CancellationToken stop)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new StepFailed($"{assembly} did not start");
        using var stopping = stop.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.WriteLine(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (stop.IsCancellationRequested)
        {
            return null;
        }

        return process.ExitCode == 0 ? output : throw new StepFailed($"{arguments[0]} failed: {errors.Result} {output}");
    }

    /// Creates the demo studio by running samples/demo-studio, which uses the SDK, shows its progress, and skips what is already done.
    private static bool MakeDemo(string painter, Addresses addresses, string platformKey, string? photos, CancellationToken stop)
    {
        const string painted = ".data/demo-pictures";
        if (photos is null && Demo("published") is null)
        {
            Console.WriteLine("Painting pictures for the demo gallery (--photos=DIR takes your own) ...");
            if (!Attached("dotnet", [painter, $"--out={painted}"], new(), stop))
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

    /// Runs a program that shares our terminal to completion. Returns false if it was stopped.
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

    private static void PrintTable(Addresses addresses, DemoSecrets secrets)
    {
        (string Name, string? Value)[] rows =
        [
            ("API", addresses.Api),
            ("Reference", $"{addresses.Api}/reference/index.html?studio={Demo("studioSlug")}"),
            ("Identity", addresses.Identity),
            ("Account page", addresses.Account),
            ("Photographer", $"{DemoSecrets.Email}, password {secrets.Password}"),
            ("Storefront", addresses.Storefront),
            ("Gallery", Demo("gallery")),
            ("PIN", Demo("pin")),
            ("Secret key", Demo("secretKey")),
            ("Publishable key", Demo("publishableKey")),
            ("Platform key", secrets.PlatformKey),
            ("Device client id", DemoSettings.DeviceClientId),
            ("Discount code", "THANKYOU"),
            ("Test card", "4242 4242 4242 4242, any later date and CVC"),
            ("Mails", System.IO.Path.GetFullPath(".data/mail")),
        ];
        Console.WriteLine();
        foreach (var (name, value) in rows.Where(r => r.Value is not null))
        {
            Console.WriteLine($"  {name,-16}  {value}");
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
