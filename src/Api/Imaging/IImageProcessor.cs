using Proofsheet.Api.Imaging.Watermarks;

namespace Proofsheet.Api.Imaging;

/// <summary>Decodes untrusted files. Refusals are return values; an exception means that the installation or the machine is at fault.</summary>
internal interface IImageProcessor
{
    /// <summary>Checks only the header and the limits, in milliseconds, so that an upload can be answered at once.</summary>
    Task<ImageInspection> InspectAsync(string path, CancellationToken cancellation);

    /// <summary>Makes everything that a photograph is shown with, in the job's output folder.</summary>
    Task<ProcessOutcome> ProcessAsync(ImageJob job, CancellationToken cancellation);

    /// <summary>Makes the renditions in WebP and, if the library can write it, AVIF, from a photograph's master.</summary>
    Task<FormatsOutcome> AddFormatsAsync(ImageJob job, CancellationToken cancellation);

    /// <summary>Checks a studio's logo against the limits and re-encodes it without metadata.</summary>
    Task<LogoInspection> InspectLogoAsync(ReadOnlyMemory<byte> png, CancellationToken cancellation);
}
