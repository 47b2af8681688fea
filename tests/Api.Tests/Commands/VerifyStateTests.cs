using System.Globalization;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Commands;

/// <summary>A verification that is interrupted by a signal, as a process, and then continues.</summary>
public sealed class VerifyStateTests
{
    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Terminate)]
    public async Task A_verification_that_ended_early_goes_on_after_the_last_object_that_it_kept(int signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Windows has no signals.");
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photos = await gallery.ReadyAsync(3);
        var whole = JsonNode.Parse((await api.CommandAsync("verify", "--json")).Output)!;
        var (objects, bytes) = (whole["objects"]!.GetValue<long>(), whole["bytes"]!.GetValue<long>());
        var state = Path.Combine(api.Folder, "verify.json");

        // Slow enough to be caught in the middle, after it has saved some state.
        using (var first = api.BeginCommand("verify", $"--state={state}", string.Create(CultureInfo.InvariantCulture, $"--bytes-per-second={bytes / 10}")))
        {
            await ApiHost.EventuallyAsync(() => Task.FromResult(Objects(state) > 0), "it has kept how far it is");
            first.Signal(signal);
            var ended = await first.EndAsync();
            ended.Code.Should().NotBe(0, ended.ToString());
            if (signal != Signals.Kill)
            {
                ended.Code.Should().Be(1);
                ended.Error.Should().Contain("The same command goes on from here.");
                ended.Output.Should().BeEmpty("it is no report yet");
            }
        }

        var read = Objects(state);
        read.Should().BeInRange(1, objects - 1);
        await SpoilAsync(api, gallery, photos[0].Id());
        await SpoilAsync(api, gallery, photos[2].Id());
        var second = await api.CommandAsync("verify", $"--state={state}", "--json");
        var third = await api.CommandAsync("verify", $"--state={state}", "--json");

        second.Code.Should().Be(1, second.ToString());
        second.Error.Should().Contain($"Going on after {read} objects");
        var report = JsonNode.Parse(second.Output)!;
        report["objects"]!.GetValue<long>().Should().Be(objects, "none was left out and none read twice");
        Keys(report).Should().Equal(Original(gallery, photos[2].Id()).Value);
        Keys(JsonNode.Parse(third.Output)!).Should().BeEquivalentTo([Original(gallery, photos[0].Id()).Value, Original(gallery, photos[2].Id()).Value], "a finished verification starts over");
    }

    [Fact]
    public async Task A_state_of_other_options_is_refused_and_stays_as_it_is()
    {
        await using var api = await ApiHost.StartAsync();
        var studio = await api.StudioAsync();
        var state = Path.Combine(api.Folder, "verify.json");
        (await api.CommandAsync("verify", $"--state={state}")).Code.Should().Be(0);
        var kept = await File.ReadAllTextAsync(state);

        foreach (var other in new string[][] { [$"--studio={studio.Slug}"], ["--since=2026-01-31"], ["--fix"], ["--repair"], [$"--Storage:Disk:Root={Path.Combine(api.Folder, "elsewhere")}"] })
        {
            var refused = await api.CommandAsync(["verify", $"--state={state}", .. other]);

            refused.Code.Should().Be(1);
            refused.Error.Should().Contain("Say the same as there, or name another file.");
            (await File.ReadAllTextAsync(state)).Should().Be(kept);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_state_is_refused_and_stays_as_it_is()
    {
        await using var api = await ApiHost.StartAsync();
        var state = Path.Combine(api.Folder, "verify.json");
        foreach (var content in new[]
        {
            "", "{", "null", """{"studio":"anna"}""",
            """{"options":{"store":"here","studio":null,"since":"2026-01-01T00:00:00Z","fix":false,"repair":false},"key":"no key","objects":1,"bytes":1,"findings":[],"orphans":[],"orphansDeleted":0}""",
        })
        {
            await File.WriteAllTextAsync(state, content);

            var refused = await api.CommandAsync("verify", $"--state={state}");

            refused.Code.Should().Be(1, content);
            refused.Error.Should().Contain($"{state} does not tell of a verification.").And.NotContain("Exception");
            (await File.ReadAllTextAsync(state)).Should().Be(content);
        }
    }

    [Fact]
    public async Task A_state_that_cannot_be_written_is_told_before_anything_is_read()
    {
        await using var api = await ApiHost.StartAsync();

        var refused = await api.CommandAsync("verify", $"--state={Path.Combine(api.Folder, "no-folder", "verify.json")}");

        refused.Code.Should().Be(1);
        refused.Error.Should().Contain("cannot be used").And.NotContain("   at ");
        refused.Output.Should().BeEmpty();
    }

    private static long Objects(string state) => File.Exists(state) ? JsonNode.Parse(File.ReadAllText(state))!["objects"]!.GetValue<long>() : 0;

    private static IEnumerable<string> Keys(JsonNode report) => report["findings"]!.AsArray().Select(f => f!["key"]!.GetValue<string>());

    private static ObjectKey Original(GalleryClient gallery, string photo) => PhotoFiles.Original(Id<Tenant>.Parse(gallery.Studio.Id, null), Id<Photo>.Parse(photo, null));

    private static Task<StoredObject> SpoilAsync(ApiHost api, GalleryClient gallery, string photo) =>
        api.Services.GetRequiredService<IObjectStore>().PutAsync(Original(gallery, photo), new MemoryStream([1]));
}
