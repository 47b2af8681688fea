using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Api.Uploads.Tus;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>tus as in its specification, header by header, so that tests can also send what no client would.</summary>
internal static class TusClients
{
    public const string Type = "application/offset+octet-stream";

    public static Task<ApiAnswer> TusAsync(this ApiClient api, HttpMethod method, string url, HttpContent? body, params (string Name, string Value)[] headers) =>
        api.SendAsync(method, url, body, request =>
        {
            if (!headers.Any(h => h.Name == "Tus-Resumable"))
            {
                request.Headers.Add("Tus-Resumable", "1.0.0");
            }

            foreach (var (name, value) in headers.Where(h => h.Value.Length > 0))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        });

    /// <summary>A POST that declares this many bytes.</summary>
    public static Task<ApiAnswer> AnnounceAsync(this GalleryClient gallery, long length, string metadata, params (string Name, string Value)[] more) =>
        gallery.Studio.Api.TusAsync(HttpMethod.Post, $"{gallery.Path}/uploads", null, [("Upload-Length", length.ToString(CultureInfo.InvariantCulture)), ("Upload-Metadata", metadata), .. more]);

    /// <summary>The URL of a new upload of these bytes.</summary>
    public static async Task<string> BeginAsync(this GalleryClient gallery, long length, string name = "picture.jpg", params (string Key, string Value)[] metadata) =>
        (await gallery.AnnounceAsync(length, Metadata([("filename", name), .. metadata]))).ShouldBe(201).Headers["Location"];

    public static Task<ApiAnswer> PatchAsync(this ApiClient api, string url, long offset, byte[] bytes, params (string Name, string Value)[] headers) =>
        api.TusAsync(HttpMethod.Patch, url, Bytes(bytes), [("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture)), .. headers]);

    public static Task<ApiAnswer> HeadAsync(this ApiClient api, string url) => api.TusAsync(HttpMethod.Head, url, null);

    public static async Task<long> OffsetAsync(this ApiClient api, string url) => long.Parse((await api.HeadAsync(url)).ShouldBe(200).Headers["Upload-Offset"], CultureInfo.InvariantCulture);

    public static string Metadata(params (string Key, string Value)[] pairs) =>
        string.Join(',', pairs.Select(p => $"{p.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(p.Value))}"));

    public static string Sha1(byte[] bytes) => "sha1 " + Convert.ToBase64String(CryptographicOperations.HashData(HashAlgorithmName.SHA1, bytes));

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static ByteArrayContent Bytes(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(Type);
        return content;
    }

    /// <summary>The picture with trailing bytes that decoders ignore, to reach the given length.</summary>
    public static byte[] Padded(byte[] picture, int length) => [.. picture, .. RandomNumberGenerator.GetBytes(length - picture.Length)];

    /// <summary>The keys of leftover upload parts.</summary>
    public static async Task<List<string>> PartsAsync(this StudioClient studio)
    {
        var keys = new List<string>();
        await foreach (var file in studio.Host.Services.GetRequiredService<IObjectStore>().ListAsync(UploadFiles.AllOf(Id<Tenant>.Parse(studio.Id, null))))
        {
            keys.Add(file.Key.Value);
        }

        return keys;
    }

    /// <summary>Asserts that the gallery's only photo has these bytes.</summary>
    public static async Task ShouldHoldAsync(this GalleryClient gallery, byte[] bytes)
    {
        var photos = (await gallery.Studio.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200).Body!["data"]!.AsArray();
        photos.Should().ContainSingle();
        photos[0]!["currentVersion"]!["sha256"]!.GetValue<string>().Should().Be(Hex(bytes));
        (await gallery.Studio.Api.GetAsync($"/v1/photos/{photos[0]!.Id()}/original")).ShouldBe(200).Bytes.Should().Equal(bytes);
    }

    public static async Task ShouldBeEmptyAsync(this GalleryClient gallery) =>
        (await gallery.Studio.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200).Body!["data"]!.AsArray().Should().BeEmpty();
}
