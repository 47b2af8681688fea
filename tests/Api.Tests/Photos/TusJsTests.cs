using System.Diagnostics;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Conventions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>The tus client that most sites use, which is not ours and interprets the specification in its own way.</summary>
public sealed class TusJsTests(ApiHost api)
{
    private const int ChunkBytes = 100_000;
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Api.Tests", "npm");

    [Theory]
    [InlineData("whole")]
    [InlineData("atOnce")]
    [InlineData("resume")]
    [InlineData("parallel")]
    public async Task It_uploads_a_file(string way)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = TusClients.Padded(PhotoClients.NewJpeg(), 350_000);

        var answer = await AskAsync(gallery, way, bytes);

        answer["error"].Should().BeNull("it answered {0}", answer.ToJsonString());
        (answer["outcome"]!.GetValue<string>(), answer["photo"]!.GetValue<string>()[..4]).Should().Be(("accepted", "pho_"));
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
        if (way == "resume")
        {
            (answer["pausedAt"]!.GetValue<long>(), answer["sameUrl"]!.GetValue<bool>()).Should().Be((ChunkBytes, true));
        }
    }

    [Fact]
    public async Task It_gives_an_upload_up()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var answer = await AskAsync(gallery, "terminate", TusClients.Padded(PhotoClients.NewJpeg(), 350_000));

        answer["error"].Should().BeNull("it answered {0}", answer.ToJsonString());
        (await gallery.Studio.Api.GetAsync(answer["url"]!.GetValue<string>())).ShouldBeProblem(404, "not_found");
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    private static async Task<JsonNode> AskAsync(GalleryClient gallery, string way, byte[] bytes)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", "tus-js-client")), "npm ci in tests/Api.Tests/npm");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, bytes);
            var question = new JsonObject
            {
                ["way"] = way,
                ["endpoint"] = new Uri(gallery.Studio.Host.Address, $"{gallery.Path}/uploads").ToString(),
                ["key"] = gallery.Studio.SecretKey,
                ["file"] = file,
                ["name"] = "Bäume.jpg",
                ["chunkBytes"] = ChunkBytes,
            };
            using var node = Process.Start(new ProcessStartInfo("node", ["tus.mjs", question.ToJsonString()]) { WorkingDirectory = Folder, RedirectStandardOutput = true })!;
            var answer = await node.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
            return JsonNode.Parse(answer)!;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
