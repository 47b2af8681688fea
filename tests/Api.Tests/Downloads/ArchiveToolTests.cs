using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

/// <summary>Archives, tested with third-party programs.</summary>
public abstract class ArchiveToolContract(WrittenArchive archive)
{
    [Fact]
    public Task Info_Zip_finds_nothing_wrong_with_it() => RunAsync("unzip", "unzip", ["-tqq", archive.Path]);

    [Fact]
    public Task Seven_Zip_finds_nothing_wrong_with_it() => RunAsync("7zz", "7zip", ["t", "-bd", archive.Path]);

    [Fact]
    public Task Python_finds_nothing_wrong_with_it() => RunAsync("python3", "python3", ["-c", $"import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert len(z.namelist()) == {archive.FileCount}; sys.exit(z.testzip() is not None)", archive.Path]);

    private static async Task RunAsync(string program, string package, string[] arguments)
    {
        var path = new[] { "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed (Debian: apt-get install {package}).");
        using var running = Process.Start(new ProcessStartInfo(path!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = running.StandardOutput.ReadToEndAsync();
        var complained = running.StandardError.ReadToEndAsync();
        await running.WaitForExitAsync();

        running.ExitCode.Should().Be(0, "it said {0} {1}", await said, await complained);
    }
}

public sealed class ArchiveToolTests(ManyFilesArchive archive) : ArchiveToolContract(archive), IClassFixture<ManyFilesArchive>;

[Trait("Suite", "Nightly")]
public sealed class LargeArchiveToolTests(LargeArchive archive) : ArchiveToolContract(archive), IClassFixture<LargeArchive>;
