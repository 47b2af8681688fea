using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Uploads as a browser sends them, and helpers for tests of photos.</summary>
internal static class PhotoClients
{
    private static int s_seed = 1000;

    /// <summary>A JPEG that no other test uses.</summary>
    public static byte[] NewJpeg(int width = 640, int height = 480, int orientation = 1) =>
        TestPictures.Jpeg(width, height, Interlocked.Increment(ref s_seed), orientation);

    public static Task<ApiAnswer> UploadAsync(this GalleryClient gallery, params (string Name, byte[] Bytes)[] files) =>
        gallery.Studio.Api.UploadAsync(gallery.Id, files);

    public static Task<ApiAnswer> UploadAsync(this ApiClient api, string gallery, params (string Name, byte[] Bytes)[] files) =>
        api.SendAsync(HttpMethod.Post, $"/v1/galleries/{gallery}/photos", Form(files));

    public static MultipartFormDataContent Form(params (string Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, bytes) in files)
        {
            var part = new ByteArrayContent(bytes);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            if (name.Any(c => c is '"' or < ' '))
            {
                // By hand, with line breaks encoded as in browsers, because .NET refuses such names.
                var quoted = name.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
                part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"files\"; filename=\"{quoted}\"");
                form.Add(part);
                continue;
            }

            form.Add(part, "files", name);
        }

        return form;
    }

    /// <summary>Uploads one file and waits until it is ready in all formats.</summary>
    public static async Task<JsonNode> ReadyAsync(this GalleryClient gallery, string name = "picture.jpg", byte[]? bytes = null)
    {
        var answer = (await gallery.UploadAsync((name, bytes ?? NewJpeg()))).ShouldBe(201);
        var photo = await gallery.SettledAsync(answer.Body!["results"]![0]!["photo"]!["id"]!.GetValue<string>());
        photo["status"]!.GetValue<string>().Should().Be("ready", "it is {0}", photo.ToJsonString());
        await gallery.FormatsAsync(photo.Id());
        return photo;
    }

    public static async Task<IReadOnlyList<JsonNode>> ReadyAsync(this GalleryClient gallery, int count)
    {
        var files = Enumerable.Range(0, count).Select(i => ($"picture-{i + 1}.jpg", NewJpeg(320, 240))).ToArray();
        var answer = (await gallery.UploadAsync(files)).ShouldBe(201);
        var photos = new List<JsonNode>();
        foreach (var result in answer.Body!["results"]!.AsArray())
        {
            photos.Add(await gallery.SettledAsync(result!["photo"]!["id"]!.GetValue<string>()));
        }

        photos.Should().OnlyContain(p => p["status"]!.GetValue<string>() == "ready");
        foreach (var photo in photos)
        {
            await gallery.FormatsAsync(photo.Id());
        }

        return photos;
    }

    /// <summary>The photo when it is ready or has failed.</summary>
    public static async Task<JsonNode> SettledAsync(this GalleryClient gallery, string photoId)
    {
        JsonNode? photo = null;
        await ApiHost.EventuallyAsync(async () =>
        {
            photo = (await gallery.Studio.Api.GetAsync($"/v1/photos/{photoId}")).ShouldBe(200).Body!;
            return photo["status"]!.GetValue<string>() is "ready" or "failed";
        }, $"{photoId} is ready or failed", 90);
        return photo!;
    }

    /// <summary>Waits for the formats that are made after the photo is ready, so that neither they nor what is stored change under a test.</summary>
    private static async Task FormatsAsync(this GalleryClient gallery, string photoId)
    {
        var id = Id<Photo>.Parse(photoId, null);
        await ApiHost.EventuallyAsync(
            () => gallery.Studio.Host.InScopeAsync(gallery.Studio.Id, async services =>
                (await services.GetRequiredService<ProofsheetDb>().Set<Photo>().AsNoTracking().Where(p => p.Id == id).Select(p => p.Renditions).SingleAsync()).All(r => r.Bytes.Count > 1)),
            $"{photoId} has all formats");
    }

    /// <summary>A watermark preset of the studio.</summary>
    public static Task<string> WatermarkAsync(this StudioClient studio, string text, WatermarkPlacement position = WatermarkPlacement.Center) => studio.Host.InScopeAsync(studio.Id, async services =>
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        var now = DateTimeOffset.UtcNow;
        var watermark = new Watermark
        {
            Id = Id<Watermark>.New(now), Name = text, Type = WatermarkType.Text, Text = text, Position = position, OpacityPercent = 80, SizePercent = 40, Color = "#ffffff", CreatedAt = now,
        };
        db.Add(watermark);
        await db.SaveChangesAsync();
        return watermark.Id.ToString();
    });

    public static Task<bool> RewriteWatermarkAsync(this StudioClient studio, string id, string text) => studio.Host.InScopeAsync(studio.Id, async services =>
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        var watermark = db.Set<Watermark>().Single(w => w.Id == Id<Watermark>.Parse(id, null));
        watermark.Text = text;
        return await db.SaveChangesAsync() > 0;
    });

    public static string Id(this JsonNode photo) => photo["id"]!.GetValue<string>();

    public static string Url(this JsonNode photo, string size = "preview") => photo["urls"]![size]!.GetValue<string>();

    /// <summary>A GET of an absolute or relative URL, without a credential.</summary>
    public static Task<ApiAnswer> FetchAsync(this ApiHost host, string url, string? accept = null, Action<HttpRequestMessage>? change = null, HttpMethod? method = null) =>
        host.Client(null).SendAsync(method ?? HttpMethod.Get, url, null, request =>
        {
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            change?.Invoke(request);
        });

    public static async Task<List<string>> NamesAsync(this ApiClient api, string gallery, string query = "")
    {
        var list = (await api.GetAsync($"/v1/galleries/{gallery}/photos{query}")).ShouldBe(200);
        return [.. list.Body!["data"]!.AsArray().Select(p => p!["currentVersion"]!["fileName"]!.GetValue<string>())];
    }
}
