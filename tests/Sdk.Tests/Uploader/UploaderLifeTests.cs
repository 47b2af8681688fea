using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests.Uploader;

/// <summary>The tool is killed, its network breaks, and files arrive while it watches.</summary>
[Trait("Suite", "Ci")]
public sealed class UploaderLifeTests(ApiHost api) : IDisposable
{
    private readonly UploaderHome _home = new();
    private readonly SlowWire _wire = new(api.Address);

    public void Dispose()
    {
        _wire.Dispose();
        _home.Dispose();
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("interrupted")]
    public async Task Ended_in_the_middle_it_goes_on_when_it_is_run_again(string how)
    {
        using var client = await StudioAsync();
        // Larger than one piece, so that part of it is not sent yet.
        var bytes = SmallPng.Noise(2400, 2400, seed: 1);
        _home.Put("large.png", bytes);
        _wire.BytesPerSecond = 6_000_000;
        string[] command = ["upload", _home.Photos, "--gallery", "Anna", "--create"];
        using (var first = _home.Start(command))
        {
            await first.UntilAsync(() => _wire.Sent > 10_000_000, "the upload is under way");
            if (how == "killed")
            {
                first.Kill();
            }
            else
            {
                first.Interrupt();
            }

            var (ended, said) = await first.EndAsync();
            if (how == "interrupted")
            {
                ended.Should().Be(130, said);
                said.Should().Contain("Run the same command again to go on.");
            }
        }

        // Data still in the system's network buffers is lost as well.
        _wire.Cut();
        await Task.Delay(500);
        _wire.BytesPerSecond = 0;
        var before = _wire.Sent;
        var (code, output) = await _home.Start(command).EndAsync();

        code.Should().Be(0, output);
        output.Should().Contain("1 uploaded, 0 there already, 0 refused.");
        (_wire.Sent - before).Should().BeInRange(1_000_000, bytes.Length - 6_000_000, "what had arrived is not sent again");
        var photo = (await PhotosAsync(client)).Should().ContainSingle().Which;
        photo.CurrentVersion.Bytes.Should().Be(bytes.Length);
    }

    [Fact]
    public async Task A_cut_of_the_network_is_waited_for()
    {
        using var client = await StudioAsync();
        for (var i = 0; i < 4; i++)
        {
            _home.Put($"{i}.png", SmallPng.Noise(1200, 900, seed: i));
        }

        _wire.BytesPerSecond = 2_000_000;
        using var running = _home.Start("upload", _home.Photos, "--gallery", "Anna", "--create");
        await running.UntilAsync(() => _wire.Sent > 5_000_000, "the upload is under way");
        _wire.IsDown = true;
        _wire.Cut();
        await running.UntilAsync(() => running.Output.Contains("The API cannot be reached; trying on.", StringComparison.Ordinal), "it says that it waits");
        await Task.Delay(1500);
        _wire.IsDown = false;
        _wire.BytesPerSecond = 0;

        var (code, output) = await running.EndAsync();

        code.Should().Be(0, output);
        output.Should().Contain("4 uploaded, 0 there already, 0 refused.");
        (await PhotosAsync(client)).Should().HaveCount(4);
    }

    [Fact]
    public async Task Watching_takes_files_when_they_are_complete_until_it_is_ended()
    {
        using var client = await StudioAsync();
        Directory.CreateDirectory(_home.Photos);
        using var watching = _home.Start("watch", _home.Photos, "--gallery", "Anna", "--create", "--sections", "--settle", "2");
        await watching.UntilAsync(() => watching.Output.Contains("Watching", StringComparison.Ordinal), "it watches");

        // Written slowly, by a program that does not know about the watcher.
        var slow = SmallPng.Noise(300, 200, seed: 1);
        await using (var file = new FileStream(Path.Combine(_home.Photos, "slow.png"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            foreach (var part in slow.Chunk(slow.Length / 5))
            {
                await file.WriteAsync(part);
                await file.FlushAsync();
                await Task.Delay(900);
            }
        }

        // Downloaded under another name and renamed when complete; in a folder that did not exist.
        _home.Put("Party/dance.png.part", SmallPng.Of(320, 200, seed: 2));
        await Task.Delay(3000);
        watching.Output.Should().NotContain("dance");
        File.Move(Path.Combine(_home.Photos, "Party/dance.png.part"), Path.Combine(_home.Photos, "Party/dance.png"));
        await watching.UntilAsync(() => watching.Output.Contains("slow.png: uploaded", StringComparison.Ordinal) && watching.Output.Contains("dance.png: uploaded", StringComparison.Ordinal), "both are taken");
        watching.Interrupt();
        var (code, output) = await watching.EndAsync();

        code.Should().Be(0, output);
        output.Should().Contain("2 uploaded, 0 there already, 0 refused.");
        var photos = await PhotosAsync(client);
        photos.Select(p => p.CurrentVersion.FileName).Should().BeEquivalentTo("slow.png", "dance.png");
        photos.Single(p => p.CurrentVersion.FileName == "slow.png").CurrentVersion.Bytes.Should().Be(slow.Length, "a file that is still written is not complete");
        photos.Single(p => p.CurrentVersion.FileName == "dance.png").SectionId.Should().NotBeNull();
    }

    private static async Task<List<Photo>> PhotosAsync(ProofsheetClient client)
    {
        var gallery = (await client.Galleries.ListAllAsync().ToListAsync()).Should().ContainSingle().Which;
        return await client.Photos.ListAllAsync(gallery.Id).ToListAsync();
    }

    private async Task<ProofsheetClient> StudioAsync()
    {
        var key = (await api.StudioAsync()).SecretKey;
        _home.Environment["PROOFSHEET_URL"] = _wire.Address.AbsoluteUri;
        _home.Environment["PROOFSHEET_KEY"] = key;
        return new ProofsheetClient(api.Address, key);
    }
}
