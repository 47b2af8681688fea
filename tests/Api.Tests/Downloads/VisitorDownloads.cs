using System.IO.Compression;
using System.Net.Http.Headers;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Downloads;

/// <summary>Helpers for the tests of visitors' downloads.</summary>
internal static class VisitorDownloads
{
    public static async Task<ApiAnswer> RulesAsync(this Shop shop, object patch) =>
        (await shop.Studio.Api.PatchAsync($"{shop.Gallery.Path}/download-rules", patch)).ShouldBe(200);

    public static Task<ApiAnswer> AllowAsync(this Shop shop) => shop.RulesAsync(new { allowsDownloads = true, sizes = new[] { "web", "full" } });

    public static Task<ApiAnswer> AskAsync(this Shop shop, object request, ApiClient? visitor = null) => (visitor ?? shop.Api).PostAsync($"{shop.Gallery.Path}/downloads", request);

    /// <summary>Returns the download when it is ready.</summary>
    public static async Task<ApiAnswer> ReadyAsync(this ApiClient visitor, string galleryPath, object request)
    {
        var asked = await visitor.PostAsync($"{galleryPath}/downloads", request);
        asked.Status.Should().BeOneOf([200, 201], "it answered {0}", asked.Text);
        ApiAnswer? read = null;
        await ApiHost.EventuallyAsync(async () => (read = (await visitor.GetAsync($"{galleryPath}/downloads/{asked["id"]}")).ShouldBe(200))["status"] != "preparing", "the download is prepared", 90);
        read!["status"].Should().Be("ready");
        return read;
    }

    public static Task<ApiAnswer> ReadyAsync(this Shop shop, object request, ApiClient? visitor = null) => (visitor ?? shop.Api).ReadyAsync(shop.Gallery.Path, request);

    public static Task<ApiAnswer> RangeAsync(this ApiClient client, string url, long from, long? to = null, string? ifRange = null) => client.SendAsync(HttpMethod.Get, url, null, request =>
    {
        request.Headers.Range = new RangeHeaderValue(from, to);
        if (ifRange is not null)
        {
            request.Headers.IfRange = new RangeConditionHeaderValue(ifRange);
        }
    });

    public static Task<byte[]> OriginalAsync(this Shop shop, string photo) => shop.ReadAsync(PhotoFiles.Original(shop.Tenant(), Id<Photo>.Parse(photo, null)));

    public static Task<byte[]> WebAsync(this Shop shop, string photo) =>
        shop.ReadAsync(PhotoFiles.Clean(shop.Tenant(), Id<Photo>.Parse(photo, null), 1, 2048, Proofsheet.Api.Imaging.RenditionFormat.Jpeg));

    public static Id<Tenant> Tenant(this Shop shop) => Id<Tenant>.Parse(shop.Studio.Id, null);

    public static Task<byte[]> ReadAsync(this Shop shop, ObjectKey key) => shop.Host.InScopeAsync(shop.Studio.Id, async services =>
    {
        await using var reader = await services.GetRequiredService<IObjectStore>().OpenAsync(key);
        var bytes = new MemoryStream();
        await reader!.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    });

    /// <summary>As if the store had lost the original.</summary>
    public static Task<bool> DeleteOriginalAsync(this Shop shop, string photo) => shop.Host.InScopeAsync(shop.Studio.Id, async services =>
    {
        await services.GetRequiredService<IObjectStore>().DeleteAsync(PhotoFiles.Original(shop.Tenant(), Id<Photo>.Parse(photo, null)));
        return true;
    });

    public static async Task<Dictionary<string, byte[]>> UnpackAsync(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        var files = new Dictionary<string, byte[]>();
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            await using var opened = entry.Open();
            await opened.CopyToAsync(content);
            files.Add(entry.FullName, content.ToArray());
        }

        return files;
    }
}
