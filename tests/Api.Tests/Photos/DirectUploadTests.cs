using System.Security.Cryptography;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Storage;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Files sent directly to the store, on real servers of both kinds, by well-behaved clients and others.</summary>
public sealed class DirectUploadTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private ApiHost? _api;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task A_file_of_a_batch_goes_to_the_store_and_from_there_into_the_gallery(string provider)
    {
        var gallery = await StartAsync(provider);
        var studio = gallery.Studio.Api;
        var bytes = PhotoClients.NewJpeg();
        var batch = (await studio.PostAsync($"{gallery.Path}/upload-batches", new { files = new[] { new { path = "a.jpg", bytes = bytes.Length, sha256 = TusClients.Hex(bytes) } } })).ShouldBe(201);
        var file = batch.Body!["files"]![0]!;
        var url = file["uploadUrl"]!.GetValue<string>();

        var put = (await studio.PostAsync(file["directUrl"]!.GetValue<string>(), new { })).ShouldBe(200);
        put.Headers["Cache-Control"].Should().Be("no-store");
        new Uri(put["url"]!).Authority.Should().NotBe(_api!.Address.Authority);
        (await SendAsync(put, bytes)).Should().BeOneOf(200, 201);
        await gallery.ShouldBeEmptyAsync();

        var done = (await studio.PostAsync($"{url}/complete")).ShouldBe(200);
        (done["outcome"], done["status"], done.Body!["directUrl"]).Should().Be(("accepted", "done", null));
        var again = (await studio.PostAsync($"{url}/complete")).ShouldBe(200);
        again.Body!["photo"]!.Id().Should().Be(done.Body!["photo"]!.Id(), "the answer may have been lost");
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.SettledAsync(done.Body["photo"]!.Id()))["status"]!.GetValue<string>().Should().Be("ready");
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
        (await studio.GetAsync(batch.Headers["Location"])).ShouldBe(200).Body!["files"]![0]!["status"]!.GetValue<string>().Should().Be("done");
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task What_came_is_compared_with_what_was_announced(string provider)
    {
        var gallery = await StartAsync(provider);
        var (bytes, others) = (PhotoClients.NewJpeg(), PhotoClients.NewJpeg());
        var other = TusClients.Padded(others, Math.Max(others.Length, bytes.Length) + 10)[..bytes.Length];
        var (url, put) = await AddressAsync(gallery, bytes, ("sha256", TusClients.Hex(bytes)));

        (await SendAsync(put, other)).Should().BeOneOf(200, 201);

        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(422, "upload_digest_mismatch");
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(422, "upload_digest_mismatch");
        await gallery.ShouldBeEmptyAsync();
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("S3", "not_an_image")]
    [InlineData("Azure", "not_an_image")]
    public async Task What_is_no_photograph_is_refused_as_everywhere(string provider, string code)
    {
        var gallery = await StartAsync(provider);
        var page = "<html><script>alert(1)</script></html>"u8.ToArray();
        var (url, put) = await AddressAsync(gallery, page);
        (await SendAsync(put, page)).Should().BeOneOf(200, 201);

        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(422, code);

        await gallery.ShouldBeEmptyAsync();
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task Nothing_or_another_length_at_the_store_is_no_upload_and_the_file_can_still_come_here(string provider)
    {
        var gallery = await StartAsync(provider);
        var bytes = PhotoClients.NewJpeg();
        var (url, put) = await AddressAsync(gallery, bytes);
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(409, "upload_not_stored");

        var isTaken = await SendAsync(put, [.. bytes, 0]) is 200 or 201;
        isTaken.Should().Be(provider == "Azure", "S3 signs the length");
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(409, "upload_not_stored");

        (await gallery.Studio.Api.PatchAsync(url, 0, bytes[..100])).ShouldBe(204);
        (await gallery.Studio.Api.PostAsync($"{url}/direct", new { })).ShouldBeProblem(409, "direct_upload_unavailable");
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(409, "upload_not_stored");
        (await gallery.Studio.Api.PatchAsync(url, 100, bytes[100..])).ShouldBe(204);
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty("what was sent to the store is not needed any more");
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task With_an_md5_the_store_refuses_another_body(string provider)
    {
        var gallery = await StartAsync(provider);
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);
#pragma warning disable CA5351 // The stores' own checksum.
        var md5 = Convert.ToBase64String(MD5.HashData(bytes));
#pragma warning restore CA5351
        var put = (await gallery.Studio.Api.PostAsync($"{url}/direct", new { md5 })).ShouldBe(200);
        put.Body!["headers"]!["Content-MD5"]!.GetValue<string>().Should().Be(md5);
        var changed = bytes.ToArray();
        changed[^5] ^= 1;

        (await SendAsync(put, changed)).Should().BeInRange(400, 499);
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(409, "upload_not_stored");
        (await SendAsync(put, bytes)).Should().BeOneOf(200, 201);
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBe(200);
        await gallery.ShouldHoldAsync(bytes);
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task An_address_is_for_one_file_and_for_writing_alone(string provider)
    {
        var gallery = await StartAsync(provider);
        var bytes = PhotoClients.NewJpeg();
        var (url, put) = await AddressAsync(gallery, bytes);
        var (otherUrl, other) = await AddressAsync(gallery, bytes);
        var ready = await gallery.ReadyAsync("ready.jpg", PhotoClients.NewJpeg());
        var address = new Uri(put["url"]!);
        var path = address.GetLeftPart(UriPartial.Path);
        var theirs = new Uri(other["url"]!).GetLeftPart(UriPartial.Path);
        var original = $"{path[..path.IndexOf("/uploads/", StringComparison.Ordinal)]}/photos/{ready.Id()[4..]}/original";

        foreach (var elsewhere in new[] { theirs, path + "x", path[..path.LastIndexOf('/')], original })
        {
            (await SendAsync(new Uri(elsewhere + address.Query), put, bytes)).Should().BeInRange(400, 499, elsewhere);
        }

        (await SendAsync(put, bytes)).Should().BeOneOf(200, 201);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Delete })
        {
            using var answer = await _http.SendAsync(new HttpRequestMessage(method, address));
            ((int)answer.StatusCode).Should().BeInRange(400, 499, method.Method);
        }

        (await gallery.Studio.Api.PostAsync($"{otherUrl}/complete")).ShouldBeProblem(409, "upload_not_stored");
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBe(200);
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task What_is_sent_after_the_end_changes_nothing_and_is_swept(string provider)
    {
        var gallery = await StartAsync(provider);
        var bytes = PhotoClients.NewJpeg();
        var (url, put) = await AddressAsync(gallery, bytes);
        (await SendAsync(put, bytes)).Should().BeOneOf(200, 201);
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBe(200);

        (await SendAsync(put, RandomNumberGenerator.GetBytes(bytes.Length))).Should().BeOneOf(200, 201);

        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBe(200);
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().ContainSingle();
        _api!.Clock.Advance(TimeSpan.FromHours(25));
        await _api.Services.GetRequiredService<OrphanSweeper>().SweepAsync(default);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
        await gallery.ShouldHoldAsync(bytes);
    }

    private async Task<GalleryClient> StartAsync(string provider)
    {
        _api = await ApiHost.StartAsync(new(await RemoteStores.SettingsAsync(provider)) { ["Storage:DirectUploads"] = "true" });
        return await (await _api.StudioAsync()).GalleryAsync();
    }

    private static async Task<(string Url, ApiAnswer Put)> AddressAsync(GalleryClient gallery, byte[] bytes, params (string Key, string Value)[] metadata)
    {
        var url = await gallery.BeginAsync(bytes.Length, "picture.jpg", metadata);
        return (url, (await gallery.Studio.Api.PostAsync($"{url}/direct", new { })).ShouldBe(200));
    }

    private Task<int> SendAsync(ApiAnswer put, byte[] bytes) => SendAsync(new Uri(put["url"]!), put, bytes);

    private async Task<int> SendAsync(Uri address, ApiAnswer put, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(bytes) };
        foreach (var (name, value) in put.Body!["headers"]!.AsObject().Where(h => h.Key != "Content-Length"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value!.GetValue<string>()))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value.GetValue<string>());
            }
        }

        using var answer = await _http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
