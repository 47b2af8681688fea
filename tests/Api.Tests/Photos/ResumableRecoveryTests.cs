using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Api.Uploads.Tus;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Full disks, dead processes, expiry: on separate hosts.</summary>
[Trait("Database", "Provider")]
public sealed class ResumableRecoveryTests
{
    private static readonly Dictionary<string, string?> SmallParts = new() { ["Photos:UploadPartBytes"] = "65536" };

    [Fact]
    public async Task A_large_request_is_kept_in_parts_that_count_one_by_one()
    {
        await using var api = await ApiHost.StartAsync(SmallParts);
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = TusClients.Padded(PhotoClients.NewJpeg(), 300_000);
        var url = await gallery.BeginAsync(bytes.Length, "a.jpg", ("sha256", TusClients.Hex(bytes)));

        using var slow = await SlowPatch.BeginAsync(api, gallery, url, bytes.Length);
        await slow.SendAsync(bytes[..200_000]);
        await ApiHost.EventuallyAsync(async () => await gallery.Studio.Api.OffsetAsync(url) == 3 * 65_536, "three whole parts count while the request goes on");
        (await gallery.Studio.Api.PatchAsync(url, 3 * 65_536, [1])).ShouldBeProblem(423, "upload_locked");
        (await gallery.Studio.Api.TusAsync(HttpMethod.Delete, url, null)).ShouldBeProblem(423, "upload_locked");
        await slow.SendAsync(bytes[200_000..]);

        (await slow.AnswerAsync()).Should().StartWith("HTTP/1.1 204").And.Contain("Proofsheet-Upload-Outcome: accepted");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task What_comes_slowly_counts_after_a_while()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Photos:UploadLeaseSeconds"] = "2" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);

        using var slow = await SlowPatch.BeginAsync(api, gallery, url, bytes.Length);
        await slow.SendAsync(bytes[..1000]);
        await ApiHost.EventuallyAsync(async () => await gallery.Studio.Api.OffsetAsync(url) == 1000, "a part ends by time");
        await Task.Delay(TimeSpan.FromSeconds(3));
        (await gallery.Studio.Api.PatchAsync(url, 1000, [1])).ShouldBeProblem(423, "upload_locked");
        await slow.SendAsync(bytes[1000..]);

        (await slow.AnswerAsync()).Should().StartWith("HTTP/1.1 204");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task Two_processes_write_one_upload_in_turns()
    {
        await using var first = await ApiHost.StartAsync(SmallParts);
        await using var second = await first.SiblingAsync();
        var gallery = await (await first.StudioAsync()).GalleryAsync();
        var other = second.Client(gallery.Studio.SecretKey);
        var bytes = TusClients.Padded(PhotoClients.NewJpeg(), 200_000);
        var path = new Uri(await gallery.BeginAsync(bytes.Length)).AbsolutePath;

        (await gallery.Studio.Api.PatchAsync(path, 0, bytes[..90_000])).ShouldBe(204);
        using (var slow = await SlowPatch.BeginAsync(first, gallery, path, bytes.Length - 90_000, offset: 90_000))
        {
            await slow.SendAsync(bytes[90_000..91_000]);
            await ApiHost.EventuallyAsync(async () => (await other.PatchAsync(path, 90_000, [1])).Status == 423, "the other process sees the lock");
        }

        await ApiHost.EventuallyAsync(async () => await other.OffsetAsync(path) == 91_000, "what came before the connection broke counts");
        (await other.PatchAsync(path, 91_000, bytes[91_000..150_000])).ShouldBe(204);
        (await gallery.Studio.Api.PatchAsync(path, 150_000, bytes[150_000..])).ShouldBe(204).Headers["Proofsheet-Upload-Outcome"].Should().Be("accepted");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task A_host_that_stops_in_the_middle_keeps_what_came_and_the_next_one_goes_on()
    {
        await using var first = await ApiHost.StartAsync(new() { ["Photos:UploadLeaseSeconds"] = "3" });
        await using var second = await first.SiblingAsync();
        var gallery = await (await first.StudioAsync()).GalleryAsync();
        var other = second.Client(gallery.Studio.SecretKey);
        var bytes = PhotoClients.NewJpeg();
        var path = new Uri(await gallery.BeginAsync(bytes.Length)).AbsolutePath;

        using var slow = await SlowPatch.BeginAsync(first, gallery, path, bytes.Length);
        await slow.SendAsync(bytes[..2000]);
        await ApiHost.EventuallyAsync(() => Task.FromResult(LeftFiles.In(Path.Combine(first.Folder, "objects", "temporary")).Any()), "the bytes are being written");
        first.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await slow.AnswerAsync()).Should().StartWith("HTTP/1.1 204").And.Contain("Upload-Offset: 2000");
        (await other.OffsetAsync(path)).Should().Be(2000);
        (await other.PatchAsync(path, 2000, bytes[2000..])).ShouldBe(204);
        (await other.GetAsync($"{gallery.Path}/photos")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle().Which!["currentVersion"]!["sha256"]!.GetValue<string>().Should().Be(TusClients.Hex(bytes));
    }

    [Fact]
    public async Task A_host_that_stops_before_the_first_byte_was_read_does_not_wait_for_the_rest()
    {
        var locked = new AfterStatement("UPDATE", "lock_owner");
        await using var first = await ApiHost.StartAsync(services: locked.Watch);
        await using var second = await first.SiblingAsync();
        var gallery = await (await first.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var path = new Uri(await gallery.BeginAsync(bytes.Length)).AbsolutePath;

        locked.Do(() =>
        {
            first.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            return Task.CompletedTask;
        });
        using var slow = await SlowPatch.BeginAsync(first, gallery, path, bytes.Length);

        // Without a pending read, the connection stays open until the host aborts it after 30 seconds.
        (await slow.AnswerAsync()).Should().StartWith("HTTP/1.1 204").And.Contain("Upload-Offset: 0");
        (await second.Client(gallery.Studio.SecretKey).PatchAsync(path, 0, bytes)).ShouldBe(204);
    }

    [Theory]
    [InlineData("/uploads/")]
    [InlineData("/original")]
    public async Task A_full_disk_keeps_no_half_and_the_upload_goes_on_when_there_is_room(string where)
    {
        var (host, store) = await TreacherousStore.StartAsync(SmallParts);
        await using var api = host;
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var studio = gallery.Studio.Api;
        var bytes = TusClients.Padded(PhotoClients.NewJpeg(), 150_000);
        var url = await gallery.BeginAsync(bytes.Length);
        (await studio.PatchAsync(url, 0, bytes[..70_000])).ShouldBe(204);
        store.IsFull = key => key.Value.Contains(where, StringComparison.Ordinal);

        (await studio.PatchAsync(url, 70_000, bytes[70_000..])).ShouldBeProblem(507, "storage_full").Headers["Tus-Resumable"].Should().Be("1.0.0");
        await gallery.ShouldBeEmptyAsync();
        var state = (await studio.GetAsync(url)).ShouldBe(200)["status"];
        state.Should().Be(where == "/original" ? "finishing" : "open");
        store.IsFull = _ => false;

        var offset = await studio.OffsetAsync(url);
        offset.Should().Be(where == "/original" ? bytes.Length : 70_000);
        (await studio.PatchAsync(url, offset, bytes[(int)offset..])).ShouldBe(204).Headers["Proofsheet-Upload-Outcome"].Should().Be("accepted");
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("/uploads/", 70_000)]
    [InlineData("/uploads/", 20_000)]
    [InlineData("/original", 70_000)]
    [InlineData("/original", 20_000)]
    public async Task A_store_that_keeps_less_than_it_was_given_is_not_believed(string where, int length)
    {
        var (host, store) = await TreacherousStore.StartAsync(SmallParts);
        await using var api = host;
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = TusClients.Padded(PhotoClients.NewJpeg(320, 240), length);
        var url = await gallery.BeginAsync(bytes.Length);
        store.DropsAByte = key => key.Value.Contains(where, StringComparison.Ordinal);

        (await gallery.Studio.Api.PatchAsync(url, 0, bytes)).ShouldBeProblem(503, "storage_failed");
        await gallery.ShouldBeEmptyAsync();
        store.DropsAByte = _ => false;

        var offset = await gallery.Studio.Api.OffsetAsync(url);
        (await gallery.Studio.Api.PatchAsync(url, offset, bytes[(int)offset..])).ShouldBe(204);
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task A_part_that_the_store_lost_refuses_the_file_and_says_so()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);
        (await gallery.Studio.Api.PatchAsync(url, 0, bytes[..500])).ShouldBe(204);
        await api.Services.GetRequiredService<IObjectStore>().DeleteAsync(ObjectKey.Parse((await gallery.Studio.PartsAsync()).Single()));

        (await gallery.Studio.Api.PatchAsync(url, 500, bytes[500..])).ShouldBeProblem(422, "upload_parts_missing");
        await gallery.ShouldBeEmptyAsync();
    }

    [Fact]
    public async Task A_writer_that_was_too_slow_for_its_lock_overwrites_nothing()
    {
        var (host, store) = await TreacherousStore.StartAsync();
        await using var api = host;
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);
        var (came, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        store.BeforePut = async _ =>
        {
            store.BeforePut = _ => Task.CompletedTask;
            came.SetResult();
            await goOn.Task;
        };

        var slow = gallery.Studio.Api.PatchAsync(url, 0, new byte[bytes.Length]);
        await came.Task;
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        (await gallery.Studio.Api.PatchAsync(url, 0, bytes[..800])).ShouldBe(204);
        goOn.SetResult();

        (await slow).ShouldBeProblem(423, "upload_locked");
        (await gallery.Studio.Api.PatchAsync(url, 800, bytes[800..])).ShouldBe(204);
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("GET")]
    [InlineData("PATCH")]
    [InlineData("sweep")]
    public async Task What_failed_between_the_last_byte_and_the_row_is_finished_once_by_whichever_comes_next(string who)
    {
        var (host, store) = await TreacherousStore.StartAsync();
        await using var api = host;
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);
        store.BeforeFetch = _ => throw new IOException("The process is as good as dead.");
        (await gallery.Studio.Api.PatchAsync(url, 0, bytes)).Status.Should().Be(500);
        await gallery.ShouldBeEmptyAsync();
        store.BeforeFetch = _ => Task.CompletedTask;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            switch (who)
            {
                case "sweep":
                    await api.Services.GetRequiredService<UploadSweeper>().SweepAsync(default);
                    break;
                case "PATCH":
                    (await gallery.Studio.Api.PatchAsync(url, bytes.Length, [])).Status.Should().BeOneOf(204, 423);
                    break;
                default:
                    (await gallery.Studio.Api.TusAsync(new HttpMethod(who), url, null)).ShouldBe(200);
                    break;
            }
        }));

        await ApiHost.EventuallyAsync(async () => (await gallery.Studio.Api.GetAsync(url)).ShouldBe(200)["status"] == "done", "it is done");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task An_upload_that_nobody_goes_on_with_expires_with_all_its_parts()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var studio = gallery.Studio.Api;
        var bytes = PhotoClients.NewJpeg();
        var (left, used) = (await gallery.BeginAsync(bytes.Length), await gallery.BeginAsync(bytes.Length));
        (await studio.PatchAsync(left, 0, bytes[..100])).ShouldBe(204);
        api.Clock.Advance(TimeSpan.FromHours(20));
        (await studio.PatchAsync(used, 0, bytes[..100])).ShouldBe(204);
        api.Clock.Advance(TimeSpan.FromHours(5));

        (await studio.HeadAsync(left)).ShouldBe(410);
        (await studio.GetAsync(left)).ShouldBeProblem(410, "upload_expired");
        (await studio.PatchAsync(left, 100, bytes[100..])).ShouldBeProblem(410, "upload_expired");
        await api.Services.GetRequiredService<UploadSweeper>().SweepAsync(default);

        (await studio.GetAsync(left)).ShouldBeProblem(404, "not_found");
        (await gallery.Studio.PartsAsync()).Should().ContainSingle("writing keeps an upload alive");
        (await studio.PatchAsync(used, 100, bytes[100..])).ShouldBe(204);
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task Open_uploads_and_what_they_announce_are_bounded()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Photos:MaxOpenUploads"] = "3", ["Plans:Tiers:solo:MaxStorageBytes"] = "10000" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await gallery.Studio.Api.TusAsync(HttpMethod.Post, $"{gallery.Path}/uploads", null, ("Upload-Defer-Length", "1"), ("Upload-Metadata", TusClients.Metadata(("filename", "a.jpg")))))
            .ShouldBeProblem(422, "plan_storage_limit");
        var url = await gallery.BeginAsync(6000);
        (await gallery.AnnounceAsync(5000, TusClients.Metadata(("filename", "a.jpg")))).ShouldBeProblem(422, "plan_storage_limit");
        await gallery.BeginAsync(1000);
        await gallery.BeginAsync(1000);
        (await gallery.AnnounceAsync(1, TusClients.Metadata(("filename", "a.jpg")))).ShouldBeProblem(422, "too_many_uploads");
        (await gallery.Studio.Api.TusAsync(HttpMethod.Delete, url, null)).ShouldBe(204);
        await gallery.BeginAsync(5000);
    }

    [Fact]
    public async Task Writing_does_not_eat_the_hour_s_requests()
    {
        await using var api = await ApiHost.StartAsync(new() { ["RateLimits:KeyPerHour"] = "12", ["RateLimits:SandboxKeyPerHour"] = "12" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var url = await gallery.BeginAsync(100);

        for (var i = 0; i < 30; i++)
        {
            (await gallery.Studio.Api.PatchAsync(url, i, [1])).ShouldBe(204);
            (await gallery.Studio.Api.OffsetAsync(url)).Should().Be(i + 1);
        }
    }

    /// <summary>A PATCH whose bytes are sent when the test chooses.</summary>
    private sealed class SlowPatch(TcpClient client) : IDisposable
    {
        public static async Task<SlowPatch> BeginAsync(ApiHost api, GalleryClient gallery, string url, long length, long offset = 0)
        {
            var client = new TcpClient(AddressFamily.InterNetwork);
            await client.ConnectAsync("127.0.0.1", api.Address.Port);
            var path = Uri.TryCreate(url, UriKind.Absolute, out var whole) && whole.Scheme == "http" ? whole.AbsolutePath : url;
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {gallery.Studio.SecretKey}\r\nTus-Resumable: 1.0.0\r\n"
                + $"Upload-Offset: {offset}\r\nContent-Type: {TusClients.Type}\r\nContent-Length: {length}\r\n\r\n"));
            return new SlowPatch(client);
        }

        public async Task SendAsync(byte[] bytes) => await client.GetStream().WriteAsync(bytes);

        public async Task<string> AnswerAsync() => await new StreamReader(client.GetStream()).ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        public void Dispose() => client.Dispose();
    }
}
