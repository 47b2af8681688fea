using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Originals and unmarked pictures must stay out of reach, no matter who tries what.</summary>
public sealed class SecrecyTests(ApiHost api)
{
    [Fact]
    public async Task An_altered_address_opens_nothing()
    {
        var (gallery, photo, url) = await MarkedAsync();
        var path = new Uri(url).AbsolutePath;
        var query = new Uri(url).Query;
        var parts = path.Split('/');
        var clean = new Uri(photo.Url()).AbsolutePath.Split('/');
        var other = await gallery.ReadyAsync();
        parts.Should().HaveCount(9);

        var tries = new List<string>
        {
            path, path + "?e=1", path + "?s=abc", path + query[..^1], path + query + "A", path + query + "&s=x", path + query + "&e=99999999999",
            path + query.Replace("e=", "e=1", StringComparison.Ordinal), path + query.Replace("e=", "e=0", StringComparison.Ordinal), path + query.Replace("e=", "e=%2B", StringComparison.Ordinal),
            path + "/" + query, path + "/../1200" + query, path.ToUpperInvariant() + query, path.Replace("/v1/media", "/v1/media/", StringComparison.Ordinal) + query,
            path.Replace("photos", "%70hotos", StringComparison.Ordinal) + query, path.Replace("photos", "%2570hotos", StringComparison.Ordinal) + query,
            path.Replace("/1200", "%2F1200", StringComparison.Ordinal) + query, path.Replace("/1200", "/01200", StringComparison.Ordinal) + query,
        };
        foreach (var (at, values) in new Dictionary<int, string[]>
        {
            [4] = [Tenant(await api.StudioAsync("ben")), clean[4][..^1] + "0"],
            [5] = [new Uri(other.Url()).AbsolutePath.Split('/')[5]],
            [6] = ["v2", "v0", "v01", "v", "v-1"],
            [7] = ["clean", "Clean", "a1-plain", "a1-", "a2" + parts[7][2..], "..", "clean/..", "%63lean"],
            [8] = ["300", "2048", "4096", "original", "master.jpg", "1200.jpg", "1200%00", "../original", "1200;x"],
        })
        {
            foreach (var value in values)
            {
                var altered = (string[])parts.Clone();
                altered[at] = value;
                tries.Add(string.Join('/', altered) + query);
                // With the studio's signature for the clean picture of this size.
                tries.Add(string.Join('/', altered) + (value.StartsWith("clean", StringComparison.Ordinal) && value.Length == 5 ? "?e=1&s=x" : new Uri(photo.Url()).Query));
            }
        }

        foreach (var target in tries.Distinct().Where(t => t != path + query))
        {
            var status = await RawStatusAsync(target);
            status.Should().BeOneOf([400, 403, 404], "{0} is not an address that was given out", target);
        }

        (await RawStatusAsync(path + query)).Should().Be(200);
    }

    [Fact]
    public async Task No_path_of_the_store_is_an_address()
    {
        var (gallery, photo, url) = await MarkedAsync();
        var visitor = await gallery.VisitorAsync();
        var tenant = Tenant(gallery.Studio);
        var id = new Uri(url).AbsolutePath.Split('/')[5];
        var query = new Uri(url).Query;

        foreach (var path in (string[])
        [
            $"/v1/media/{tenant}/photos/{id}/original", $"/v1/media/photos/{tenant}/{id}/original", $"/v1/media/photos/{tenant}/{id}/v1/master.jpg", $"/v1/media/photos/{tenant}/{id}/v1/1200.jpg",
            $"/{tenant}/photos/{id}/original", $"/objects/{tenant}/photos/{id}/original", $"/v1/photos/{photo.Id()}/original", $"/v1/photos/{photo.Id()}/original/", $"/v1//photos/{photo.Id()}/original",
            $"/v1/photos/{photo.Id()}%2Foriginal", $"/v1/photos/{photo.Id()}/%6Friginal", $"/v1/photos/{photo.Id()}/../{photo.Id()}/original", $"/v1/media/../photos/{photo.Id()}/original",
            $"/v1/media/photos/{tenant}/{id}/v1/clean/1200/../../../original", "/v1/media/photos/../../../../etc/passwd", "/v1/media/photos/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        ])
        {
            foreach (var credential in (string?[])[null, visitor.Token])
            {
                (await RawStatusAsync(path, credential)).Should().BeOneOf([400, 401, 403, 404], "{0} with {1}", path, credential is null ? "nothing" : "a visitor's token");
                (await RawStatusAsync(path + query, credential)).Should().BeOneOf([400, 401, 403, 404], "{0} with a signature and {1}", path, credential is null ? "nothing" : "a visitor's token");
            }
        }
    }

    [Fact]
    public async Task Nothing_a_visitor_is_told_names_a_clean_picture_or_an_original()
    {
        var (gallery, _, _) = await MarkedAsync();
        var visitor = await gallery.VisitorAsync();
        var list = (await visitor.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200);
        var photo = list.Body!["data"]![0]!.Id();

        (list.Text + (await visitor.Api.GetAsync($"/v1/photos/{photo}")).ShouldBe(200).Text).Should().NotContain("/clean/").And.NotContain("original");
        (await visitor.Api.GetAsync($"/v1/photos/{photo}/original")).ShouldBeProblem(403, "missing_scope");
        (await api.Client(await gallery.Studio.PublishableKeyAsync()).GetAsync($"/v1/photos/{photo}/original")).ShouldBeProblem(403, "missing_scope");
        (await gallery.Storefront.GetAsync($"/v1/storefront/galleries/{gallery.Slug}")).ShouldBe(200).Text.Should().NotContain("/clean/");
    }

    [Fact]
    public async Task An_address_signed_for_one_studio_s_photo_is_nothing_in_another()
    {
        var (gallery, _, _) = await MarkedAsync();
        var ben = await api.StudioAsync("ben");
        var signer = api.Services.GetRequiredService<MediaSigner>();
        var photo = (await gallery.Studio.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200).Body!["data"]![0]!;
        var id = new Uri(photo.Url()).AbsolutePath.Split('/')[5];

        // Even with our own signature: the row is looked up in the studio that the path names.
        (await api.FetchAsync(signer.Sign($"/v1/media/photos/{Tenant(ben)}/{id}/v1/clean/1200", TimeSpan.FromHours(1)))).ShouldBeProblem(404, "not_found");
        (await api.FetchAsync(signer.Sign("/v1/media/photos/nonsense", TimeSpan.FromHours(1)))).ShouldBeProblem(404, "not_found");
        (await api.FetchAsync(signer.Sign($"/v1/media/photos/{Tenant(gallery.Studio)}/{id}/v1/clean/1234", TimeSpan.FromHours(1)))).ShouldBeProblem(404, "not_found");
        // A credential of another studio makes no difference.
        (await ben.Api.GetAsync(photo.Url())).ShouldBe(200);
    }

    [Fact]
    public async Task Hiding_deleting_closing_and_another_PIN_end_visitors_addresses_at_once()
    {
        var (gallery, photo, url) = await MarkedAsync();
        var studio = gallery.Studio.Api;
        var path = $"/v1/photos/{photo.Id()}";
        (await api.FetchAsync(url)).ShouldBe(200);

        (await studio.PatchAsync(path, new { isHidden = true })).ShouldBe(200);
        (await api.FetchAsync(url)).ShouldBeProblem(404, "not_found");
        (await studio.PatchAsync(path, new { isHidden = false })).ShouldBe(200);
        (await api.FetchAsync(url)).ShouldBe(200);
        (await studio.DeleteAsync(path)).ShouldBe(204);
        (await api.FetchAsync(url)).ShouldBeProblem(404, "not_found");
        (await studio.PostAsync(path + "/restore")).ShouldBe(200);
        (await studio.PostAsync(gallery.Path + "/unpublish")).ShouldBe(200);
        (await api.FetchAsync(url)).ShouldBeProblem(410, "link_expired");
        (await api.FetchAsync(photo.Url())).ShouldBe(200);
        (await studio.PostAsync(gallery.Path + "/publish")).ShouldBe(200);
        (await api.FetchAsync(url)).ShouldBe(200);
        (await studio.PutAsync(gallery.Path + "/access", new { requires = "pin", pin = "999333" })).ShouldBe(200);
        (await api.FetchAsync(url)).ShouldBeProblem(410, "link_expired");
    }

    [Fact]
    public async Task An_address_ends_by_itself()
    {
        await using var own = await ApiHost.StartAsync();
        var gallery = await (await own.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();
        (await own.FetchAsync(photo.Url())).ShouldBe(200);

        own.Clock.Advance(TimeSpan.FromHours(23.9));
        (await own.FetchAsync(photo.Url())).ShouldBe(200);
        own.Clock.Advance(TimeSpan.FromHours(7));

        (await own.FetchAsync(photo.Url())).ShouldBeProblem(410, "link_expired");
        (await own.FetchAsync(photo.Url()[..^1] + "_")).ShouldBeProblem(403, "invalid_signature");
    }

    [Fact]
    public async Task A_deleted_photo_s_files_go_after_thirty_days_and_not_before()
    {
        await using var own = await ApiHost.StartAsync(new() { ["Photos:KeepDeletedDays"] = "0" });
        var gallery = await (await own.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var store = own.Services.GetRequiredService<IObjectStore>();
        var key = PhotoFiles.Original(Id<Proofsheet.Shared.Tenancy.Tenant>.Parse(gallery.Studio.Id, null), Id<Photo>.Parse(photo.Id(), null));
        (await gallery.Studio.Api.DeleteAsync($"/v1/photos/{photo.Id()}")).ShouldBe(204);

        own.Clock.Advance(TimeSpan.FromDays(29));
        await own.QuietAsync(gallery.Studio.Id);
        (await store.ExistsAsync(key)).Should().BeTrue();
        own.Clock.Advance(TimeSpan.FromDays(2));

        await ApiHost.EventuallyAsync(async () => !await store.ExistsAsync(key), "the original is gone");
        (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBeProblem(404, "not_found");
        (await gallery.Studio.Api.PostAsync($"/v1/photos/{photo.Id()}/restore")).ShouldBeProblem(404, "not_found");
        (await gallery.Studio.Api.NamesAsync(gallery.Id, "?isDeleted=true")).Should().BeEmpty();
    }

    private async Task<(GalleryClient Gallery, System.Text.Json.Nodes.JsonNode Photo, string VisitorUrl)> MarkedAsync()
    {
        var studio = await api.StudioAsync();
        var watermark = await studio.WatermarkAsync("PROOF");
        var gallery = await studio.GalleryAsync("135790", more: new { watermarkId = watermark });
        var photo = await gallery.ReadyAsync();
        return (gallery, photo, await DeliveryTests.SeenAsync(gallery));
    }

    private static string Tenant(StudioClient studio) => studio.Id[(studio.Id.IndexOf('_', StringComparison.Ordinal) + 1)..];

    private Task<int> RawStatusAsync(string target, string? credential = null) =>
        RawRequest.StatusAsync(api, "GET", target, credential is null ? "" : $"Authorization: Bearer {credential}\r\n");
}
