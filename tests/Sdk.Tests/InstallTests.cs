using System.Diagnostics;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests;

/// <summary>The packages of both SDKs, installed as the READMEs say in new projects outside of the repository, run the READMEs' examples.</summary>
[Trait("Suite", "Nightly")]
public sealed class InstallTests(ApiHost api) : IDisposable
{
    private readonly string _folder = TestFolder.New("install");

    [Fact]
    public async Task The_C_sharp_package_runs_the_example_of_its_README_in_a_new_project()
    {
        var packages = Directory.CreateDirectory(Path.Combine(_folder, "packages")).FullName;
        await RunAsync(ReadmeTests.Root, "dotnet", ["pack", "src/Sdk/csharp/Proofsheet.Sdk.csproj", "-c", "Release", "-o", packages, "-v", "q", "-nologo"]);
        var project = Project();
        await RunAsync(project, "dotnet", ["new", "console", "--framework", "net10.0"]);
        // The folder of packages as a source of this project alone, and a cache of its own: the machine's may hold an earlier package of this version.
        await RunAsync(project, "dotnet", ["new", "nugetconfig"]);
        await RunAsync(project, "dotnet", ["nuget", "add", "source", packages, "--name", "proofsheet", "--configfile", "nuget.config"]);
        await RunAsync(project, "dotnet", ["add", "package", "Proofsheet.Sdk", "--package-directory", Path.Combine(_folder, "cache")]);
        var example = ReadmeTests.CodeBlock("src/Sdk/csharp/README.md", "csharp").ToList();
        await File.WriteAllLinesAsync(
            Path.Combine(project, "Program.cs"), [example[0], $"var address = new Uri(\"{api.Address}\");", $"var key = \"{(await api.StudioAsync()).SecretKey}\";", .. example.Skip(1)]);

        ReadmeTests.Shown(await RunAsync(project, "dotnet", ["run", "-c", "Release", $"-p:RestorePackagesPath={Path.Combine(_folder, "cache")}"]));
    }

    [Fact]
    public async Task The_TypeScript_package_runs_the_example_of_its_README_in_a_new_project()
    {
        var sdk = Path.Combine(ReadmeTests.Root, "src/Sdk/typescript");
        Assert.SkipUnless(File.Exists(Path.Combine(sdk, "dist/index.js")), "The TypeScript SDK is not built: ./build.sh Pack.");
        await RunAsync(sdk, "npm", ["pack", "--silent", "--pack-destination", _folder]);
        var project = Project();
        await RunAsync(project, "npm", ["init", "-y"]);
        await RunAsync(project, "npm", ["install", "--no-audit", "--no-fund", Directory.EnumerateFiles(_folder, "*.tgz").Single()]);
        await File.WriteAllLinesAsync(Path.Combine(project, "example.mjs"), ReadmeTests.CodeBlock("src/Sdk/typescript/README.md", "ts"));

        ReadmeTests.Shown(await RunAsync(project, "node", ["example.mjs"], ("PROOFSHEET_URL", api.Address.AbsoluteUri), ("PROOFSHEET_KEY", (await api.StudioAsync()).SecretKey)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Project()
    {
        var project = Directory.CreateDirectory(Path.Combine(_folder, "first-gallery")).FullName;
        var wedding = Directory.CreateDirectory(Path.Combine(project, "wedding")).FullName;
        File.WriteAllBytes(Path.Combine(wedding, "kiss.png"), SmallPng.Of(320, 200, seed: 1));
        File.WriteAllBytes(Path.Combine(wedding, "rings.png"), SmallPng.Of(200, 320, seed: 2));
        return project;
    }

    private static async Task<string[]> RunAsync(string folder, string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.Should().Be(0, "{0} {1} works: {2}{3}", program, string.Join(' ', arguments), await output, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
