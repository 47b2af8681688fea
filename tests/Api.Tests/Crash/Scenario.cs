using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Imaging;

namespace Proofsheet.Api.Tests.Crash;

/// <param name="PhotoId">From the API's 201 response.</param>
internal sealed record Acknowledged(string FileName, byte[] Bytes, string Sha256, string PhotoId);

/// <summary>One gallery from its first upload to the downloads, by a client that never gives up, with everything it was told.</summary>
internal sealed partial class Scenario(Shop shop, CrashSchedule schedule, int number)
{
    private const int Pictures = 4;
    private const int PerRequest = 2;
    private const string Pin = "482915";

    public string GalleryId { get; private set; } = "";

    public List<Acknowledged> Photos { get; } = [];

    public IEnumerable<Acknowledged> Picked => Photos.Take(3);

    public string SelectionId { get; private set; } = "";

    public string Name { get; } = $"Session {number}";

    public async Task RunAsync()
    {
        var gallery = (await shop.Studio.PostAsync("/v1/galleries", new { title = Name, requires = "pin", pin = Pin })).ShouldBe(201);
        GalleryId = gallery["id"];
        for (var first = 0; first < Pictures; first += PerRequest)
        {
            await UploadAsync([.. Enumerable.Range(first, PerRequest).Select(Picture)]);
        }

        await ProcessedAsync();
        var slug = (await shop.Studio.PostAsync($"/v1/galleries/{GalleryId}/publish")).ShouldBe(200)["slug"];
        var unlocked = (await shop.Storefront.PostAsync($"/v1/storefront/galleries/{slug}/unlock", new { pin = Pin, visitorName = Name })).ShouldBe(200);
        var visitor = shop.Visitor(unlocked["token"]);
        await PickAsync(visitor);
        await BuyAsync(visitor);
    }

    private async Task PickAsync(StubbornClient visitor)
    {
        schedule.Announce(Moment.Picking);
        SelectionId = (await visitor.PostAsync($"/v1/galleries/{GalleryId}/selections", new { name = "Album" })).ShouldBe(201)["id"];
        foreach (var photo in Picked)
        {
            (await visitor.PutAsync($"/v1/selections/{SelectionId}/picks/{photo.PhotoId}", new { note = photo.FileName })).Status.Should().BeOneOf(200, 201, 204);
        }

        var submitted = await visitor.PostAsync($"/v1/selections/{SelectionId}/submit");
        submitted.ShouldBe(200);
    }

    private async Task UploadAsync(IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        schedule.Announce(Moment.Upload);
        var answer = (await shop.Studio.SendAsync(HttpMethod.Post, $"/v1/galleries/{GalleryId}/photos", () => Multipart(files))).ShouldBe(201);
        foreach (var ((name, bytes), result) in files.Zip(answer.Body!["results"]!.AsArray()))
        {
            // A duplicate is the result of a try that got no response.
            result!["outcome"]!.GetValue<string>().Should().BeOneOf(["accepted", "duplicate"], "{0} answered {1}", name, answer.Text);
            Photos.Add(new Acknowledged(name, bytes, Sha256(bytes), result["photo"]!["id"]!.GetValue<string>()));
        }
    }

    private async Task ProcessedAsync()
    {
        schedule.Announce(Moment.Processing);
        await schedule.UntilAsync(
            async () => (await shop.Studio.GetAsync($"/v1/galleries/{GalleryId}/progress")).ShouldBe(200).Body is { } progress
                && Count(progress, "processingCount") + Count(progress, "uploadingCount") == 0 && Count(progress, "readyCount") + Count(progress, "failedCount") == Pictures,
            $"the photos of {Name} are processed");

        static int Count(JsonNode progress, string name) => progress[name]!.GetValue<int>();
    }

    private (string Name, byte[] Bytes) Picture(int index) =>
        ($"IMG_{(number * 100) + index}.jpg", TestPictures.Jpeg(720, 480, (number * Pictures) + index + 1));

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static MultipartFormDataContent Multipart(IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, bytes) in files)
        {
            var part = new SlowContent(bytes);
            part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            content.Add(part, "files", name);
        }

        return content;
    }
}
