using Amazon.S3;
using Proofsheet.Api.Storage.S3;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>
/// OpenStack Swift with its S3 interface, from Debian's packages: an S3 server that is not AWS, checks every signature, and was not written by the
/// authors of the client library.
/// </summary>
internal static class SwiftServer
{
    public const string Bucket = "proofsheet";
    public const string AccessKey = "test:tester";
    public const string SecretKey = "a-secret-that-no-log-may-show";

    private const string HowToInstall =
        "OpenStack Swift is not installed here: apt-get install swift-proxy swift-account swift-container swift-object";

    private static readonly string[] Kinds = ["object", "container", "account"];
    private static readonly Lazy<Task<Uri>> Started = new(StartAsync);

    /// <summary>The server's URL; skips the test when it is not installed.</summary>
    public static Task<Uri> AddressAsync()
    {
        Assert.SkipUnless(Kinds.Append("proxy").All(kind => File.Exists($"/usr/bin/swift-{kind}-server")) && File.Exists("/etc/swift/swift.conf"), HowToInstall);
        return Started.Value;
    }

    public static S3StoreOptions Options(Uri address) => new()
    {
        Bucket = Bucket,
        Endpoint = address.ToString(),
        AccessKey = AccessKey,
        SecretKey = SecretKey,
        PartMegabytes = 5,
        FirstDelay = TimeSpan.FromMilliseconds(20),
    };

    private static async Task<Uri> StartAsync()
    {
        var folder = LocalServers.NewFolder("swift");
        var commands = new List<string>();
        var rings = new List<string>();
        foreach (var kind in Kinds)
        {
            var port = TestPort.Free();
            await File.WriteAllTextAsync(Path.Combine(folder, $"{kind}-server.conf"), Storage(folder, kind, port));
            rings.Add($"{kind} {port}");
            commands.Add($"swift-{kind}-server {kind}-server.conf");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "rings.py"), Rings);
        commands = [.. commands.Select(c => $"sh -c 'while [ ! -e rings.done ]; do sleep 0.1; done; exec {c}'")];
        commands.Add($"/usr/bin/python3 rings.py {string.Join(' ', rings)}");
        Directory.CreateDirectory(Path.Combine(folder, "devices", "d1"));
        var proxy = TestPort.Free();
        await File.WriteAllTextAsync(Path.Combine(folder, "proxy-server.conf"), Proxy(folder, proxy));
        commands.Add("sh -c 'while [ ! -e rings.done ]; do sleep 0.1; done; exec swift-proxy-server proxy-server.conf'");
        await LocalServers.StartAsync(folder, proxy, [.. commands]);

        var address = new Uri($"http://127.0.0.1:{proxy}/");
        using var client = S3Client.Make(Options(address));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await client.PutBucketAsync(Bucket);
                return address;
            }
            catch (AmazonS3Exception) when (attempt < 100)
            {
                // The proxy responds before the servers behind it do.
                await Task.Delay(200);
            }
        }
    }

    // One process for all of them; swift-ring-builder would need nine.
    private const string Rings =
        """
        import sys
        from swift.common.ring import RingBuilder
        for kind, port in zip(sys.argv[1::2], sys.argv[2::2]):
            builder = RingBuilder(2, 1, 1)
            builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "d1", "weight": 1.0, "meta": "",
                             "replication_ip": "127.0.0.1", "replication_port": int(port)})
            builder.rebalance()
            builder.get_ring().save(kind + ".ring.gz")
        open("rings.done", "w").close()
        """;

    private static string Storage(string folder, string kind, int port) =>
        $"""
        [DEFAULT]
        devices = {folder}/devices
        mount_check = false
        bind_ip = 127.0.0.1
        bind_port = {port}
        workers = 0
        user = {Environment.UserName}
        swift_dir = {folder}
        disable_fallocate = true
        [pipeline:main]
        pipeline = {kind}-server
        [app:{kind}-server]
        use = egg:swift#{kind}
        """;

    // A cache has to be configured but need not respond; port 1 refuses at once.
    private static string Proxy(string folder, int port) =>
        $"""
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {port}
        workers = 0
        user = {Environment.UserName}
        swift_dir = {folder}
        [pipeline:main]
        pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth copy dlo slo versioned_writes proxy-server
        [app:proxy-server]
        use = egg:swift#proxy
        account_autocreate = true
        [filter:catch_errors]
        use = egg:swift#catch_errors
        [filter:gatekeeper]
        use = egg:swift#gatekeeper
        [filter:cache]
        use = egg:swift#memcache
        memcache_servers = 127.0.0.1:1
        [filter:listing_formats]
        use = egg:swift#listing_formats
        [filter:bulk]
        use = egg:swift#bulk
        [filter:s3api]
        use = egg:swift#s3api
        [filter:tempauth]
        use = egg:swift#tempauth
        user_test_tester = {SecretKey} .admin
        [filter:copy]
        use = egg:swift#copy
        [filter:dlo]
        use = egg:swift#dlo
        [filter:slo]
        use = egg:swift#slo
        [filter:versioned_writes]
        use = egg:swift#versioned_writes
        """;
}
