using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>Every operation that reads something is called, and every URL in its response starts with a scheme and a host.</summary>
public sealed partial class AbsoluteUrlTests
{
    private const string Public = "https://api.example";

    [Fact]
    public async Task Every_URL_that_the_API_answers_is_absolute()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Api:PublicUrl"] = Public });
        var world = await World.MakeAsync(api);
        await DressAsync(world);
        var document = await OpenApiDocument.ReadAsync(api);
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var relative = new List<string>();

        foreach (var operation in document.Operations.Where(o => o.Method == "GET" && o.Answers.Contains("200") && o.Id is not "WatchGallery"))
        {
            foreach (var client in new[] { world.Studio.Api, world.Visitor, api.Client(world.PublishableKey, world.Origin) })
            {
                var answer = await OperationCall.SendAsync(client, operation, world);
                if (answer.Status == 200 && answer.Headers["Content-Type"].StartsWith("application/json", StringComparison.Ordinal))
                {
                    Walk(answer.Body, operation.ToString(), seen, relative);
                }
            }
        }

        relative.Should().BeEmpty();
        // directUrl is only returned when clients can write to the store; DirectUploadTests cover it.
        seen.Should().Contain(UrlFields(document).Except(["directUrl"]), "an answer with each field was looked at");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task What_was_made_is_named_by_an_absolute_Location()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Api:PublicUrl"] = Public });
        var studio = await api.StudioAsync();

        var gallery = (await studio.Api.PostAsync("/v1/galleries", new { title = "Lena & Tom", isListed = false }, idempotencyKey: "one")).ShouldBe(201);
        gallery.Headers["Location"].Should().Be($"{Public}/v1/galleries/{gallery["id"]}");
        var again = (await studio.Api.PostAsync("/v1/galleries", new { title = "Lena & Tom", isListed = false }, idempotencyKey: "one")).ShouldBe(201);
        again.Headers["Location"].Should().Be(gallery.Headers["Location"]);
        var batch = (await studio.Api.PostAsync($"/v1/galleries/{gallery["id"]}/upload-batches", new { files = new[] { new { path = "a.jpg", bytes = 10 } } })).ShouldBe(201);
        batch.Headers["Location"].Should().Be($"{Public}/v1/upload-batches/{batch["id"]}");
    }

    /// <summary>Gives the studio a logo, a website and a cover.</summary>
    private static async Task DressAsync(World world)
    {
        var logo = new ByteArrayContent(TestPictures.PngWithAlpha(200, 80, 1));
        logo.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        (await world.Studio.Api.PutAsync("/v1/studio/branding/logo", logo)).ShouldBe(200);
        (await world.Studio.Api.PatchAsync("/v1/studio/branding", new { websiteUrl = "https://anna.example" })).ShouldBe(200);
        (await world.Studio.Api.PatchAsync($"/v1/galleries/{world.GalleryId}", new { presentation = new { cover = new { photoId = world.Id("photoId") } } })).ShouldBe(200);
    }

    private static IEnumerable<string> UrlFields(OpenApiDocument document) =>
        document.SchemasOf(requests: false).Values.SelectMany(s => s["properties"]?.AsObject() ?? []).Where(p => document.Resolve(p.Value!)["type"]?.GetValue<string>() == "string")
            .Select(p => p.Key).Where(name => IsUrl().IsMatch(name)).Distinct();

    private static void Walk(JsonNode? node, string where, SortedSet<string> seen, List<string> relative)
    {
        foreach (var part in node as JsonArray ?? [])
        {
            Walk(part, where, seen, relative);
        }

        foreach (var (name, value) in node as JsonObject ?? [])
        {
            Walk(value, $"{where} {name}", seen, relative);
            if (value is JsonValue text && text.TryGetValue<string>(out var url))
            {
                // The path of an onboarding step is one of the document's, with its parameters in braces.
                var isPath = url.StartsWith('/') && name != "path";
                if (IsUrl().IsMatch(name))
                {
                    seen.Add(name);
                    isPath |= !Uri.TryCreate(url, UriKind.Absolute, out var whole) || whole.Scheme is not ("http" or "https");
                }

                if (isPath)
                {
                    relative.Add($"{where} {name}: {url}");
                }
            }
        }
    }

    [GeneratedRegex("^(address|url|.*Url|thumbnail|preview|large)$")]
    private static partial Regex IsUrl();
}
