using System.Globalization;
using System.Net.Http.Headers;
using FluentAssertions;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Database;
using Xunit;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>Kill -9 while resumable uploads are written and completed.</summary>
[Trait("Suite", "Ci")]
public sealed class UploadCrashTests(ITestOutputHelper output)
{
    private const int Bytes = 4_000_000;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public Task Two_kills_in_the_middle_take_back_nothing_that_counted_and_make_one_photo() => KillInTheMiddleAsync(kills: 2);

    [Fact]
    [Trait("Suite", "Nightly")]
    public Task Five_kills_in_the_middle_take_back_nothing_that_counted_and_make_one_photo() => KillInTheMiddleAsync(kills: 5);

    [Fact]
    public Task Two_kills_about_the_last_byte_make_each_file_a_photo_once() => KillAboutTheEndAsync(uploads: 2);

    [Fact]
    [Trait("Suite", "Nightly")]
    public Task Six_kills_about_the_last_byte_make_each_file_a_photo_once() => KillAboutTheEndAsync(uploads: 6);

    private async Task KillInTheMiddleAsync(int kills)
    {
        var random = new Random(CrashSchedule.Seed());
        await using var site = await CrashSite.MakeAsync(DatabaseProvider.Sqlite, processes: 1);
        await site.StartAllAsync();
        var (key, studio, gallery) = await OpenAsync(site);
        var bytes = TusClients.Padded(TestPictures.Jpeg(720, 480, 4711), Bytes);
        var path = await BeginAsync(site, key, gallery, bytes.Length);
        long offset = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            var writing = TryPatchAsync(site, key, path, offset, new SlowContent(bytes[(int)offset..]));
            await ApiHost.EventuallyAsync(async () => await OffsetAsync(site, key, path) > offset, "parts count while the request goes on");
            await Task.Delay(random.Next(0, 150));
            await KillAsync(site);
            (await writing).Should().BeNull("the process died while it was written");

            var kept = await OffsetAsync(site, key, path);
            output.WriteLine($"kill {kill + 1}: {offset} → {kept}");
            kept.Should().BeGreaterThan(offset, "what counted stays");
            offset = kept;
            // The dead process holds its lock until the lease expires; an empty PATCH checks whether it has.
            await ApiHost.EventuallyAsync(async () => await TryPatchAsync(site, key, path, kept, new ByteArrayContent([])) == 204, "the lock of the dead process ends");
        }

        await FinishAsync(site, key, path, bytes);
        await InspectAsync(studio, gallery, [bytes]);
    }

    private async Task KillAboutTheEndAsync(int uploads)
    {
        var random = new Random(CrashSchedule.Seed());
        await using var site = await CrashSite.MakeAsync(DatabaseProvider.Sqlite, processes: 1);
        await site.StartAllAsync();
        var (key, studio, gallery) = await OpenAsync(site);
        var files = Enumerable.Range(0, uploads).Select(i => TusClients.Padded(TestPictures.Jpeg(720, 480, 5000 + i), 200_000)).ToList();
        foreach (var bytes in files)
        {
            var path = await BeginAsync(site, key, gallery, bytes.Length);
            var writing = TryPatchAsync(site, key, path, 0, new ByteArrayContent(bytes));
            await Task.Delay(random.Next(0, 250));
            await KillAsync(site);
            output.WriteLine($"{await writing ?? 0} was answered before the kill");
            await FinishAsync(site, key, path, bytes);
        }

        await InspectAsync(studio, gallery, files);
    }

    private static async Task<(string Key, StubbornClient Studio, string Gallery)> OpenAsync(CrashSite site)
    {
        var made = (await site.Client(site.PlatformKey).PostAsync("/v1/studios", new { name = "Anna", slug = "anna", currency = "EUR" })).ShouldBe(201);
        var studio = site.Client(made["secretKey.secret"]);
        return (made["secretKey.secret"], studio, (await studio.PostAsync("/v1/galleries", new { title = "Session", isListed = false })).ShouldBe(201)["id"]);
    }

    private static async Task KillAsync(CrashSite site)
    {
        await site.Processes[0].KillAsync();
        await site.Processes[0].StartAsync();
    }

    /// <summary>Continues as a client would, until the upload is done.</summary>
    private static async Task FinishAsync(CrashSite site, string key, string path, byte[] bytes)
    {
        var until = DateTime.UtcNow.AddMinutes(1);
        int? status;
        do
        {
            var offset = await OffsetAsync(site, key, path);
            status = await TryPatchAsync(site, key, path, offset, new ByteArrayContent(bytes[(int)offset..]));
            await Task.Delay(status == 204 ? 0 : 200);
        }
        while (status != 204 && DateTime.UtcNow < until);

        status.Should().Be(204);
    }

    private static async Task InspectAsync(StubbornClient studio, string gallery, IReadOnlyList<byte[]> files)
    {
        var photos = (await studio.GetAsync($"/v1/galleries/{gallery}/photos")).ShouldBe(200).Body!["data"]!.AsArray();
        photos.Select(p => p!["currentVersion"]!["sha256"]!.GetValue<string>()).Should().BeEquivalentTo(files.Select(Scenario.Sha256), "each file is there once");
        foreach (var photo in photos)
        {
            Scenario.Sha256((await studio.GetAsync($"/v1/photos/{photo!["id"]}/original")).ShouldBe(200).Bytes).Should().Be(photo["currentVersion"]!["sha256"]!.GetValue<string>());
        }
    }

    private static async Task<string> BeginAsync(CrashSite site, string key, string gallery, int length)
    {
        using var request = Request(site, key, HttpMethod.Post, $"/v1/galleries/{gallery}/uploads");
        request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Metadata", TusClients.Metadata(("filename", "a.jpg")));
        using var answer = await Http.SendAsync(request);
        return answer.EnsureSuccessStatusCode().Headers.Location!.AbsolutePath;
    }

    private static async Task<long> OffsetAsync(CrashSite site, string key, string path)
    {
        using var request = Request(site, key, HttpMethod.Head, path);
        using var answer = await Http.SendAsync(request);
        return long.Parse(answer.EnsureSuccessStatusCode().Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
    }

    /// <summary>The status; null when there was no response.</summary>
    private static async Task<int?> TryPatchAsync(CrashSite site, string key, string path, long offset, HttpContent content)
    {
        using var request = Request(site, key, HttpMethod.Patch, path);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Content = content;
        content.Headers.ContentType = new MediaTypeHeaderValue(TusClients.Type);
        try
        {
            using var answer = await Http.SendAsync(request);
            return (int)answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static HttpRequestMessage Request(CrashSite site, string key, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(site.Processes[0].Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }
}
