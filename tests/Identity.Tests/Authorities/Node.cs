using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>A program in the folder <c>npm</c>: it reads one line of JSON, responds with one, and exits with its standard input.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "Identity.Tests", "npm");
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Node(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>False when the packages are not installed: fixtures then do nothing.</summary>
    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules", "openid-client"));

    /// <summary>Called at the start of every test class that needs them, because a fixture cannot skip.</summary>
    public static void RequireInstalled() => Assert.SkipUnless(IsInstalled, $"npm ci in {Path.GetRelativePath(Checkout.Root, Folder)}");

    /// <summary>Starts a program that keeps running after its response.</summary>
    public static async Task<(Node Program, JsonElement Answer)> StartAsync(string script, JsonNode question)
    {
        var program = new Node(Process.Start(new ProcessStartInfo("node", [script])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!);
        await program._process.StandardInput.WriteLineAsync(question.ToJsonString());
        await program._process.StandardInput.FlushAsync();
        var answer = await program._process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        if (answer is null)
        {
            await program.DisposeAsync();
            throw new InvalidOperationException($"{script} answered nothing:\n{await program._errors}");
        }

        return (program, JsonDocument.Parse(answer).RootElement);
    }

    public static async Task<JsonElement> AskAsync(string script, JsonNode question)
    {
        var (program, answer) = await StartAsync(script, question);
        await program.DisposeAsync();
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _errors;
        _process.Dispose();
    }
}
