using Proofsheet.Api.Imaging.Watermarks;

namespace Proofsheet.Api.Imaging;

/// <summary>Where hostile bytes are decoded. Refusals are answers; an exception means that the installation or the machine is at fault.</summary>
internal interface IImageProcessor
{
    /// <summary>Header and limits only: milliseconds, for answering an upload at once.</summary>
    Task<ImageInspection> InspectAsync(string path, CancellationToken cancellation);

    /// <summary>Everything that is made of one photograph, into the job's output folder.</summary>
    Task<ProcessOutcome> ProcessAsync(ImageJob job, CancellationToken cancellation);

    /// <summary>Holds a studio's logo against the limits and re-encodes it clean.</summary>
    Task<LogoInspection> InspectLogoAsync(ReadOnlyMemory<byte> png, CancellationToken cancellation);
}
