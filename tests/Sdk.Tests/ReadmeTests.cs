using System.Diagnostics;
using System.Runtime.CompilerServices;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests;

/// <summary>The first thing a reader tries must work: the examples at the top of both READMEs run against the real API.</summary>
public sealed class ReadmeTests(ApiHost api)
{
    public static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));

    [Fact]
    public async Task The_example_of_the_C_sharp_README_is_compiled_here_and_works()
    {
        var readme = CodeBlock("src/Sdk/csharp/README.md", "csharp").Where(l => !l.StartsWith("using Proofsheet", StringComparison.Ordinal) && l.Length > 0);
        Compiled("README").Should().Equal(readme);

        using var folder = new Wedding();
        var console = new ReadmeExample.Console();
        await ReadmeExample.RunAsync(api.Address, (await api.StudioAsync()).SecretKey, console, new ReadmeExample.Directory(folder.Path));

        Shown(console.Lines);
    }

    [Fact]
    public async Task The_resumable_upload_of_the_C_sharp_README_is_compiled_here_and_works()
    {
        Compiled("RESUMABLE").Should().Equal(BlockBelow("src/Sdk/csharp/README.md", "## Uploads that survive the network", "csharp").Select(l => l.Trim())).And.HaveCountGreaterThan(4);
        using var folder = new Wedding();
        using var client = new ProofsheetClient(api.Address, (await api.StudioAsync()).SecretKey);
        var gallery = await client.Galleries.CreateAsync(new() { Title = "Anna & Ben" });
        var console = new ReadmeExample.Console();

        await ReadmeExample.UploadAsync(client, gallery, folder.Path, Path.Combine(folder.Path, ".uploads"), console);

        console.Lines.Should().ContainMatch("kiss.png accepted*").And.ContainMatch("rings.png accepted*");
        (await client.Sections.ListAsync(gallery.Id)).Data.Select(s => s.Title).Should().Equal("wedding");
    }

    [Fact]
    public async Task The_example_of_the_TypeScript_README_works()
    {
        Shown(await NodeAsync(CodeBlock("src/Sdk/typescript/README.md", "ts")));
    }

    [Fact]
    public async Task The_resumable_upload_of_the_TypeScript_README_works()
    {
        const string Before = """
            import { createProofsheet } from '@proofsheet/sdk';
            const proofsheet = createProofsheet({ baseUrl: process.env.PROOFSHEET_URL, key: process.env.PROOFSHEET_KEY });
            const gallery = await proofsheet.galleries.create({ title: 'Anna & Ben', isListed: false });
            """;

        var lines = await NodeAsync([Before, .. BlockBelow("src/Sdk/typescript/README.md", "## Uploads that survive the network", "ts")]);

        lines.Should().ContainMatch("kiss.png accepted*").And.ContainMatch("rings.png accepted*").And.ContainMatch("100 %*");
    }

    /// <summary>Runs lines as a module in a folder with photos and returns the output.</summary>
    private async Task<string[]> NodeAsync(IEnumerable<string> lines)
    {
        var sdk = Path.Combine(Root, "src/Sdk/typescript");
        Assert.SkipUnless(File.Exists(Path.Combine(sdk, "dist/index.js")), "The TypeScript SDK is not built: npm ci && npm run build in src/Sdk/typescript, or ./build.sh Test.");
        using var folder = new Wedding();
        Directory.CreateDirectory(Path.Combine(folder.Path, "node_modules/@proofsheet"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules/@proofsheet/sdk"), sdk);
        // The example has no TypeScript syntax, so Node can run it as it is.
        await File.WriteAllLinesAsync(Path.Combine(folder.Path, "example.mjs"), lines);

        var start = new ProcessStartInfo("node", ["example.mjs"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PROOFSHEET_URL"] = api.Address.AbsoluteUri;
        start.Environment["PROOFSHEET_KEY"] = (await api.StudioAsync()).SecretKey;
        using var node = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(limit.Token), node.StandardError.ReadToEndAsync(limit.Token));
        await node.WaitForExitAsync(limit.Token);

        node.ExitCode.Should().Be(0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void The_signing_in_of_the_README_is_compiled_here()
    {
        var block = BlockBelow("README.md", "## Signing in", "csharp");

        Compiled("SIGN-IN").Should().Equal(block.Where(l => !l.StartsWith("using Proofsheet", StringComparison.Ordinal) && l.Length > 0).Select(l => l.Trim())).And.HaveCountGreaterThan(5);
    }

    private static IEnumerable<string> Compiled(string name) => File.ReadLines(Path.Combine(Root, "tests/Sdk.Tests/ReadmeExample.cs"))
        .SkipWhile(l => !l.Contains($"// <{name}>", StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.Contains($"// </{name}>", StringComparison.Ordinal)).Select(l => l.Trim());

    /// <summary>The first code block in this language below a heading.</summary>
    private static IEnumerable<string> BlockBelow(string file, string heading, string language) =>
        File.ReadAllLines(Path.Combine(Root, file)).SkipWhile(l => l != heading).SkipWhile(l => l != $"```{language}").Skip(1).TakeWhile(l => l != "```");

    internal static void Shown(IReadOnlyCollection<string> lines)
    {
        lines.Should().Contain("100 %").And.ContainMatch("kiss.png http*").And.ContainMatch("rings.png http*").And.ContainMatch("*/g/*");
    }

    internal static IEnumerable<string> CodeBlock(string file, string language)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, file));
        lines.Skip(2).First().Should().Be($"```{language}", "{0} begins with its example", file);
        return lines.Skip(3).TakeWhile(l => l != "```");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    /// <summary>A folder of two small photos, deleted with the test.</summary>
    private sealed class Wedding : IDisposable
    {
        public Wedding()
        {
            Directory.CreateDirectory(System.IO.Path.Combine(Path, "wedding"));
            File.WriteAllBytes(System.IO.Path.Combine(Path, "wedding/kiss.png"), SmallPng.Of(320, 200, seed: 1));
            File.WriteAllBytes(System.IO.Path.Combine(Path, "wedding/rings.png"), SmallPng.Of(200, 320, seed: 2));
        }

        public string Path { get; } = TestFolder.New("readme");

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
