using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Disk;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Storage;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Commands;

/// <summary>An installation that moves from one store to another.</summary>
[Trait("Suite", "Ci")]
public sealed class CopyStoreTests : IAsyncLifetime
{
    private readonly string _folder = TestFolder.New("copy");
    private ApiHost _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task An_installation_goes_on_from_the_copy_of_its_store()
    {
        var shop = await Shop.OpenAsync(_api);
        var bytes = PhotoClients.NewJpeg();
        var photo = (await shop.Gallery.ReadyAsync("a.jpg", bytes)).Id();
        var order = await shop.OrderAsync(shop.Web, photo);
        (await shop.PayAsync(order)).ShouldBe(200);
        await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "completed", "the file is granted");
        (await shop.Studio.Api.SendAsync(HttpMethod.Put, "/v1/studio/branding/logo", Logo())).ShouldBe(200);
        var export = (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/exports")).ShouldBe(202)["id"];
        await ApiHost.EventuallyAsync(async () => (await shop.Studio.Api.GetAsync($"/v1/exports/{export}")).ShouldBe(200)["status"] == "ready", "the export is made", 60);
        var other = PhotoClients.NewJpeg();
        var upload = new Uri(await shop.Gallery.BeginAsync(other.Length, "b.jpg")).AbsolutePath;
        (await shop.Studio.Api.PatchAsync(upload, 0, other[..500])).ShouldBe(204);

        var copied = await CopyAsync();
        var again = await CopyAsync();

        copied.Code.Should().Be(0, "{0}", copied);
        copied.Output.Should().Contain("0 could not be. Run it again until nothing is left.");
        again.Code.Should().Be(0);
        again.Output.Should().Contain("Nothing is left: all ");
        (await ContentAsync(Target)).Should().Equal(await ContentAsync(Source));
        await using var moved = await _api.SiblingAsync(("Storage:Disk:Root", Root));
        var studio = moved.Client(shop.Studio.SecretKey);
        (await studio.GetAsync($"/v1/photos/{photo}/original")).ShouldBe(200).Bytes.Should().Equal(bytes);
        (await studio.PatchAsync(upload, 500, other[500..])).ShouldBe(204).Headers["Proofsheet-Upload-Outcome"].Should().Be("accepted");
        (await _api.CommandAsync("verify", $"--Storage:Disk:Root={Root}")).Code.Should().Be(0);
    }

    [Fact]
    public async Task A_store_is_copied_into_a_bucket_and_what_is_there_is_compared()
    {
        var server = await SwiftServer.AddressAsync();
        var shop = await Shop.OpenAsync(_api);
        await shop.Gallery.ReadyAsync(2);
        var options = SwiftServer.Options(server);
        var s3 = new Dictionary<string, string> { ["Bucket"] = options.Bucket, ["Endpoint"] = options.Endpoint, ["AccessKey"] = options.AccessKey, ["SecretKey"] = options.SecretKey };
        var settings = Settings(new { Storage = new { Provider = "S3", S3 = s3 } });

        var copied = await _api.CommandAsync("copy-store", $"--to={settings}", $"--studio={shop.Studio.Slug}");
        var again = await _api.CommandAsync("copy-store", $"--to={settings}", "--check");

        copied.Code.Should().Be(0, "{0}", copied);
        again.Output.Should().Contain($"are in the bucket {options.Bucket} at");
        copied.ToString().Should().NotContain(options.SecretKey);
        var verified = await _api.CommandAsync(["verify", "--Storage:Provider=S3", .. s3.Select(s => $"--Storage:S3:{s.Key}={s.Value}")]);
        verified.Code.Should().Be(0, "{0}", verified);
        verified.Output.Should().Contain($"{(await ContentAsync(Source)).Count} objects and ").And.Contain(" 0 are wrong");
    }

    [Fact]
    public async Task What_is_damaged_is_told_and_not_copied_and_all_else_is()
    {
        var shop = await Shop.OpenAsync(_api);
        var photos = await shop.Gallery.ReadyAsync(2);
        var (lost, damaged) = (Original(shop, photos[0].Id()), Original(shop, photos[1].Id()));
        var bytes = await BytesAsync(Source, damaged);
        bytes[bytes.Length / 2] ^= 1;
        await Source.PutAsync(damaged, new MemoryStream(bytes));
        await Source.DeleteAsync(lost);

        var copied = await CopyAsync();

        copied.Code.Should().Be(1);
        copied.Output.Should().MatchRegex($"missing +{lost}").And.MatchRegex($"wrong_content +{damaged}").And.Contain(" 2 could not be.");
        (await ContentAsync(Target)).Keys.Should().BeEquivalentTo((await ContentAsync(Source)).Keys.Except([damaged.Value]));
        LeftFiles.In(Path.Combine(Root, "temporary")).Should().BeEmpty();
    }

    [Fact]
    public async Task What_was_written_again_is_copied_again_and_what_was_spoiled_there_is_found_by_a_check()
    {
        var shop = await Shop.OpenAsync(_api);
        var photo = (await shop.Gallery.ReadyAsync()).Id();
        (await CopyAsync()).Code.Should().Be(0);
        var (original, master) = (Original(shop, photo), PhotoFiles.Master(Tenant(shop), Id<Photo>.Parse(photo, null), 1));
        var (bytes, other) = (await BytesAsync(Source, original), await BytesAsync(Source, master));
        await Target.PutAsync(original, new MemoryStream(new byte[bytes.Length]));
        other[^3] ^= 1;
        await Source.PutAsync(master, new MemoryStream(other));

        var unchecked_ = await CopyAsync();
        var spoiled = await BytesAsync(Target, original);
        var check = await CopyAsync("--check");

        unchecked_.Output.Should().StartWith("1 of ");
        (await BytesAsync(Target, master)).Should().Equal(other);
        spoiled.Should().NotEqual(bytes, "its length alone was looked at");
        check.Output.Should().StartWith("1 of ");
        (await BytesAsync(Target, original)).Should().Equal(bytes);
        (await CopyAsync("--check")).Output.Should().StartWith("Nothing is left");
    }

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task A_copy_that_ended_early_goes_on_with_what_is_not_there(int signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Windows has no signals.");
        var shop = await Shop.OpenAsync(_api);
        await shop.Gallery.ReadyAsync(3);
        var source = await ContentAsync(Source);
        var speed = source.Values.Sum(v => v.Length / 2) / 10;
        using (var first = _api.BeginCommand("copy-store", $"--to={Settings(Disk)}", string.Create(CultureInfo.InvariantCulture, $"--bytes-per-second={speed}")))
        {
            await ApiHost.EventuallyAsync(async () => Directory.Exists(Root) && (await ContentAsync(Target)).Count > 3, "some are copied");
            first.Signal(signal);
            var ended = await first.EndAsync();
            ended.Code.Should().NotBe(0);
            (ended.Error.Contains("The same command goes on with what is not there.", StringComparison.Ordinal)).Should().Be(signal == Signals.Terminate, "{0}", ended);
        }

        var there = await ContentAsync(Target);
        var second = await CopyAsync();

        there.Should().BeSubsetOf(source, "none is half written").And.HaveCountLessThan(source.Count);
        second.Output.Should().StartWith($"{source.Count - there.Count} of {source.Count} objects were copied");
        (await ContentAsync(Target)).Should().Equal(source);
    }

    [Fact]
    public async Task A_full_store_ends_the_copy_with_a_sentence_and_nothing_half_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk to fill it needs root on Linux.");
        var shop = await Shop.OpenAsync(_api);
        await shop.PhotoAsync(bytes: 3_000_000);
        Directory.CreateDirectory(Root);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", Root), "Mounting a small disk is not permitted here.");
        try
        {
            var full = await CopyAsync();
            var there = await ContentAsync(Target);
            Run("mount", "-o", "remount,size=32m", Root).Should().BeTrue();
            var second = await CopyAsync();

            full.Code.Should().Be(1);
            full.Error.Should().Contain("The other store is full; nothing half written was left in it.").And.NotContain("   at ");
            there.Should().BeSubsetOf(await ContentAsync(Source));
            second.Error.Should().BeEmpty();
            (await ContentAsync(Target)).Should().Equal(await ContentAsync(Source));
        }
        finally
        {
            Run("umount", Root).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(null, "--to names a file of settings")]
    [InlineData("none", "none.json")]
    [InlineData("""{"Storage": """, "settings.json: ")]
    [InlineData("""{"Store":{}}""", "has no section Storage")]
    [InlineData("""{"Storage":{"Provider":"S3"}}""", "Storage:S3:Bucket is empty")]
    [InlineData("here", "names the store that is configured")]
    public async Task A_target_that_cannot_be_one_is_refused_with_a_sentence(string? content, string sentence)
    {
        string[] to = content switch
        {
            null => [],
            "none" => [$"--to={Path.Combine(_folder, "none.json")}"],
            "here" => [$"--to={Settings(new { Storage = new { Provider = "Disk", Disk = new { Root = _api.Shared["Storage:Disk:Root"] + "/" } } })}"],
            _ => [$"--to={Settings(content)}"],
        };

        var refused = await _api.CommandAsync(["copy-store", .. to]);

        refused.Code.Should().Be(1);
        refused.Error.Should().Contain(sentence).And.NotContain("   at ");
        refused.Output.Should().BeEmpty();
    }

    private string Root => Path.Combine(_folder, "target");

    private object Disk => new { Storage = new { Provider = "Disk", Disk = new { Root } } };

    private IObjectStore Source => _api.Services.GetRequiredService<IObjectStore>();

    private DiskStore Target => new(Options.Create(new StorageOptions { Disk = new DiskStoreOptions { Root = Root } }), NullLogger<DiskStore>.Instance);

    private Task<CommandResult> CopyAsync(params string[] more) => _api.CommandAsync(["copy-store", $"--to={Settings(Disk)}", .. more]);

    private string Settings(object content)
    {
        var path = Path.Combine(_folder, "settings.json");
        File.WriteAllText(path, content as string ?? JsonSerializer.Serialize(content));
        return path;
    }

    /// <summary>Every object with its bytes.</summary>
    private static async Task<SortedDictionary<string, string>> ContentAsync(IObjectStore store)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var item in store.ListAsync(ObjectPrefix.All))
        {
            content[item.Key.Value] = Convert.ToHexString(await BytesAsync(store, item.Key));
        }

        return content;
    }

    private static async Task<byte[]> BytesAsync(IObjectStore store, ObjectKey key)
    {
        await using var reader = await store.OpenAsync(key);
        var bytes = new MemoryStream();
        await reader!.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static ByteArrayContent Logo()
    {
        var content = new ByteArrayContent(PhotoClients.NewJpeg(300, 100));
        content.Headers.ContentType = new("image/jpeg");
        return content;
    }

    private static Id<Tenant> Tenant(Shop shop) => Id<Tenant>.Parse(shop.Studio.Id, null);

    private static ObjectKey Original(Shop shop, string photo) => PhotoFiles.Original(Tenant(shop), Id<Photo>.Parse(photo, null));

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
