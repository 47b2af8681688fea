using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>A 1200-pixel JPEG made from the master for each request, with eight connections, compared with ipx making it from the 24-megapixel original.</summary>
internal sealed class OnRequestPart : IPart
{
    private const int Connections = 8;
    private const int Rounds = 3;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(6);

    public string Name => "on-request";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        using var temporary = new Temporary();
        var original = DerivativesPart.LargePhoto(temporary.Folder, 0);
        using var processor = new InProcessImageProcessor(Microsoft.Extensions.Options.Options.Create(new ImagingOptions()));
        await processor.ProcessAsync(new ImageJob(original, temporary.Folder), default);
        await using var ours = await Server.RenderAsync(Path.Combine(temporary.Folder, "master.jpg"));
        await using var ipx = await Server.NodeAsync("ipx-server.mjs", temporary.Folder);
        (Server Server, string Path)[] servers = [(ours, "/1200"), (ipx, "/s_1200x1200,fit_inside,q_82,f_jpeg/0.jpg")];
        var cpu = servers.Select(_ => new List<double>()).ToList();
        var slowest = servers.Select(_ => new List<double>()).ToList();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < servers.Length; i++)
            {
                var (server, path) = servers[i];
                var before = server.CpuSeconds;
                var load = await Load.RunAsync(server.Address, Connections, RoundTime, async (http, _) => CheckJpeg(await http.GetByteArrayAsync(path)));
                if (round > 0)
                {
                    // The first request of each connection is not timed, but uses CPU all the same.
                    cpu[i].Add((server.CpuSeconds - before) / (load.Milliseconds.Count + Connections));
                    slowest[i].Add(Report.Percentile(load.Milliseconds, 0.95));
                }
            }
        }

        return
        [
            new Row("1200 px on request from the master, CPU s", Report.Median(cpu[0]), "ipx from the original", Report.Median(cpu[1])),
            new Row("1200 px on request from the master, 8 connections, p95 ms", Report.Median(slowest[0]), "ipx from the original", Report.Median(slowest[1])),
        ];
    }

    /// <summary>The renderer behind a bare web server: the cost of a picture without the database that decides about it.</summary>
    public static async Task<int> ServeAsync(string address, string master)
    {
        var renderer = new WatermarkRenderer();
        using var places = new SemaphoreSlim(Environment.ProcessorCount);
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add(address);
        app.MapGet("/health/ready", () => "ok");
        app.MapGet("/1200", async () =>
        {
            await places.WaitAsync();
            try
            {
                var bytes = await File.ReadAllBytesAsync(master);
                return Results.Bytes(await Task.Run(() => renderer.Render(bytes, new RenderSpec(1200, RenditionFormat.Jpeg)).Bytes), "image/jpeg");
            }
            finally
            {
                places.Release();
            }
        });
        await app.RunAsync();
        return 0;
    }

    private static void CheckJpeg(byte[] picture)
    {
        if (picture.Length < 10_000 || ImageSniffer.Sniff(picture).Format != ImageFormat.Jpeg)
        {
            throw new InvalidOperationException("That is not the picture.");
        }
    }
}
