using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>The imaging module as the application registers it, with its own folder. Without settings it shares the workers of all tests, which take a second to start.</summary>
internal sealed class ImagingHost : IDisposable
{
    private readonly ServiceProvider services;
    private readonly bool hasOwnWorkers;
    private int made;

    public ImagingHost(params (string Key, string Value)[] settings)
    {
        hasOwnWorkers = settings.Length > 0;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Imaging:LowPriority", "false")]).AddInMemoryCollection(settings.ToDictionary(s => "Imaging:" + s.Key, s => (string?)s.Value)).Build();
        services = new ServiceCollection().AddLogging().AddImaging(configuration).BuildServiceProvider();
        Folder = TestFolder.New("imaging");
    }

    public string Folder { get; }

    public IImageProcessor Processor => hasOwnWorkers ? services.GetRequiredService<IImageProcessor>() : ApiHost.SharedImaging;

    public WatermarkRenderer Renderer => services.GetRequiredService<WatermarkRenderer>();

    public string Write(byte[] bytes)
    {
        var path = Path.Combine(Folder, $"upload-{Interlocked.Increment(ref made)}");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public async Task<(ProcessOutcome Outcome, string Output)> ProcessAsync(string path, CancellationToken cancellation = default)
    {
        var output = Directory.CreateDirectory(Path.Combine(Folder, $"output-{Interlocked.Increment(ref made)}")).FullName;
        return (await Processor.ProcessAsync(new ImageJob(path, output), cancellation), output);
    }

    /// <summary>The photo with all formats, made in both steps.</summary>
    public async Task<(ProcessedPhoto Photo, string Output)> ReadyAsync(byte[] picture)
    {
        var (outcome, output) = await ProcessAsync(Write(picture));
        var photo = outcome.Photo ?? throw new InvalidOperationException($"Refused: {outcome.Refusal}");
        var more = await Processor.AddFormatsAsync(new ImageJob(Path.Combine(output, photo.Master.FileName), output), default);
        return (photo with { Renditions = [.. photo.Renditions, .. more.Renditions ?? throw new InvalidOperationException($"Refused: {more.Refusal}")] }, output);
    }

    /// <summary>A JPEG's color at a position, given as fractions of its width and height.</summary>
    public static (byte R, byte G, byte B) ColorAt(string path, double x, double y)
    {
        using var image = path.EndsWith(".webp", StringComparison.Ordinal) ? Image.Webpload(path) : Image.Jpegload(path);
        var pixels = image.WriteToMemory<byte>();
        var at = image.Bands * ((int)(y * (image.Height - 1)) * image.Width + (int)(x * (image.Width - 1)));
        return (pixels[at], pixels[at + 1], pixels[at + 2]);
    }

    public void Dispose()
    {
        services.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
