using System.Diagnostics;
using FluentAssertions;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

public sealed class ProcessFolderTests : IDisposable
{
    private readonly string _root = TestFolder.New("process");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_living_ones_files_stay_and_a_dead_ones_go()
    {
        using var living = new ProcessFolder(_root);
        var used = Path.Combine(living.Path, "used");
        File.WriteAllText(used, "x");
        var dead = Leave("process-dead");
        File.WriteAllText(dead + ".lock", "");
        var withoutLock = Leave("process-older");
        var stranger = Leave("somebody-elses");

        ProcessFolder.DeleteOfDead(_root).Should().Be(2);

        File.Exists(used).Should().BeTrue();
        Directory.Exists(dead).Should().BeFalse();
        Directory.Exists(withoutLock).Should().BeFalse();
        File.Exists(Path.Combine(stranger, "left")).Should().BeTrue();
        Directory.GetFiles(_root, "*.lock").Should().ContainSingle("the living one's");
    }

    [Fact]
    public void Nothing_is_left_of_one_that_ends_in_order()
    {
        using (var own = new ProcessFolder(_root))
        {
            File.WriteAllText(Path.Combine(own.Path, "file"), "x");
        }

        Directory.EnumerateFileSystemEntries(_root).Should().BeEmpty();
        ProcessFolder.DeleteOfDead(Path.Combine(_root, "not-there")).Should().Be(0);
    }

    [Fact]
    public async Task Another_processs_folder_goes_as_soon_as_it_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "flock of util-linux holds the lock, as .NET does on Linux.");
        var folder = Leave("process-other");
        using var other = Process.Start(new ProcessStartInfo("flock") { ArgumentList = { "--no-fork", folder + ".lock", "sleep", "1000" } })!;
        await ApiHost.EventuallyAsync(() => Task.FromResult(File.Exists(folder + ".lock") && IsLocked(folder + ".lock")), "the other process holds its lock");

        ProcessFolder.DeleteOfDead(_root).Should().Be(0);
        other.Kill();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        ProcessFolder.DeleteOfDead(_root).Should().Be(1);
    }

    private static bool IsLocked(string file)
    {
        try
        {
            using var opened = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private string Leave(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "left"), "x");
        return folder;
    }
}
