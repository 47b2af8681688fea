using System.Diagnostics;
using System.Runtime.CompilerServices;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests;

/// <summary>The first thing a reader tries must work: the examples at the top of both READMEs run against the real API.</summary>
public sealed class ReadmeTests(ApiHost api)
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));

    [Fact]
    public async Task The_example_of_the_C_sharp_README_is_compiled_here_and_works()
    {
        var readme = CodeBlock("src/Sdk/csharp/README.md", "csharp").Where(l => !l.StartsWith("using Proofsheet", StringComparison.Ordinal) && l.Length > 0);
        var compiled = File.ReadLines(Path.Combine(Root, "tests/Sdk.Tests/ReadmeExample.cs"))
            .SkipWhile(l => !l.Contains("// <README>", StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.Contains("// </README>", StringComparison.Ordinal)).Select(l => l.Trim());
        compiled.Should().Equal(readme);

        using var folder = new Wedding();
        var console = new ReadmeExample.Console();
        await ReadmeExample.RunAsync(api.Address, (await api.StudioAsync()).SecretKey, console, new ReadmeExample.Directory(folder.Path));

        Shown(console.Lines);
    }

    [Fact]
    public async Task The_example_of_the_TypeScript_README_works()
    {
        var sdk = Path.Combine(Root, "src/Sdk/typescript");
        Assert.SkipUnless(File.Exists(Path.Combine(sdk, "dist/index.js")), "The TypeScript SDK is not built: npm ci && npm run build in src/Sdk/typescript, or ./build.sh Test.");
        using var folder = new Wedding();
        Directory.CreateDirectory(Path.Combine(folder.Path, "node_modules/@proofsheet"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules/@proofsheet/sdk"), sdk);
        // The example has nothing that only TypeScript knows, so Node runs it as it is.
        await File.WriteAllLinesAsync(Path.Combine(folder.Path, "example.mjs"), CodeBlock("src/Sdk/typescript/README.md", "ts"));

        var start = new ProcessStartInfo("node", ["example.mjs"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PROOFSHEET_URL"] = api.Address.AbsoluteUri;
        start.Environment["PROOFSHEET_KEY"] = (await api.StudioAsync()).SecretKey;
        using var node = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(limit.Token), node.StandardError.ReadToEndAsync(limit.Token));
        await node.WaitForExitAsync(limit.Token);

        node.ExitCode.Should().Be(0, await errors);
        Shown((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void The_signing_in_of_the_README_is_compiled_here()
    {
        var all = File.ReadAllLines(Path.Combine(Root, "README.md"));
        var block = all.SkipWhile(l => l != "## Signing in").SkipWhile(l => l != "```csharp").Skip(1).TakeWhile(l => l != "```");
        var compiled = File.ReadLines(Path.Combine(Root, "tests/Sdk.Tests/ReadmeExample.cs"))
            .SkipWhile(l => !l.Contains("// <SIGN-IN>", StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.Contains("// </SIGN-IN>", StringComparison.Ordinal)).Select(l => l.Trim());

        compiled.Should().Equal(block.Where(l => !l.StartsWith("using Proofsheet", StringComparison.Ordinal) && l.Length > 0).Select(l => l.Trim())).And.HaveCountGreaterThan(5);
    }

    private static void Shown(IReadOnlyCollection<string> lines)
    {
        lines.Should().Contain("100 %").And.ContainMatch("kiss.png http*").And.ContainMatch("rings.png http*").And.ContainMatch("*/g/*");
    }

    private static IEnumerable<string> CodeBlock(string file, string language)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, file));
        lines.Skip(2).First().Should().Be($"```{language}", "{0} begins with its example", file);
        return lines.Skip(3).TakeWhile(l => l != "```");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    /// <summary>A folder of two small photographs, gone with the test.</summary>
    private sealed class Wedding : IDisposable
    {
        public Wedding()
        {
            Directory.CreateDirectory(System.IO.Path.Combine(Path, "wedding"));
            File.WriteAllBytes(System.IO.Path.Combine(Path, "wedding/kiss.png"), SmallPng.Of(320, 200, seed: 1));
            File.WriteAllBytes(System.IO.Path.Combine(Path, "wedding/rings.png"), SmallPng.Of(200, 320, seed: 2));
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("proofsheet-readme-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
