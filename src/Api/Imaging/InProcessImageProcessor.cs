using Microsoft.Extensions.Options;
using Proofsheet.Api.Imaging.Watermarks;

namespace Proofsheet.Api.Imaging;

/// <summary>Decodes in this process: for development, and for platforms where child processes are not wanted. A crash of a decoder ends the process.</summary>
internal sealed class InProcessImageProcessor(IOptions<ImagingOptions> options) : IImageProcessor, IDisposable
{
    private readonly SemaphoreSlim places = new(options.Value.Workers);

    public Task<ImageInspection> InspectAsync(string path, CancellationToken cancellation) =>
        Task.Run(() => ImageInspector.Inspect(path, options.Value.Limits), cancellation);

    public Task<ProcessOutcome> ProcessAsync(ImageJob job, CancellationToken cancellation) =>
        InPlaceAsync(() => RenditionPipeline.Run(job, options.Value.Limits), cancellation);

    public Task<FormatsOutcome> AddFormatsAsync(ImageJob job, CancellationToken cancellation) =>
        InPlaceAsync(() => RenditionPipeline.AddFormats(job, options.Value.Limits), cancellation);

    public Task<LogoInspection> InspectLogoAsync(ReadOnlyMemory<byte> png, CancellationToken cancellation) =>
        Task.Run(() => LogoInspector.Inspect(png.Span), cancellation);

    public void Dispose() => places.Dispose();

    private async Task<T> InPlaceAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, cancellation);
        }
        finally
        {
            places.Release();
        }
    }
}
