using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Proofsheet.Api.Tests.Mail;

/// <summary>npm's smtp-server as a child process.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly Process _process;

    private SmtpSink(Process process, Greeting greeting)
    {
        _process = process;
        Port = greeting.Port;
        Fingerprint = greeting.Fingerprint;
    }

    public int Port { get; }

    public string Fingerprint { get; }

    public static async Task<SmtpSink> StartAsync(string mode)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "global.json")))
        {
            root = root.Parent;
        }

        var tools = Path.Combine(root?.FullName ?? ".", ".tools");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(tools, "node_modules", "smtp-server")),
            "The mail server for tests is missing: npm install --prefix .tools smtp-server@3.21.6");
        var start = new ProcessStartInfo("node", [Path.Combine(root!.FullName, "tests", "Api.Tests", "Mail", "smtp-sink.mjs"), tools, mode])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        try
        {
            var process = Process.Start(start)!;
            return new SmtpSink(process, await ReadAsync<Greeting>(process));
        }
        catch (Win32Exception)
        {
            Assert.Skip("Node is missing: the mail server for tests needs Node 20.");
            throw;
        }
    }

    public Task<ReceivedMail> ReceiveAsync() => ReadAsync<ReceivedMail>(_process);

    /// <summary>Stops the server and returns how many mails were never received by a test.</summary>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        var rest = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<T> ReadAsync<T>(Process process)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var line = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The mail server for tests ended.");
        return JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)!;
    }

    private sealed record Greeting(int Port, string Fingerprint);
}

internal sealed record ReceivedMail(string? User, bool Secure, string From, IReadOnlyList<string> To, string Raw)
{
    public string Header(string name) => Raw.Split("\r\n\r\n")[0].Replace("\r\n ", " ").Split("\r\n").Single(l => l.StartsWith(name + ": "))[(name.Length + 2)..];
}
