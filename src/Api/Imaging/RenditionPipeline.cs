using NetVips;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Metadata;
using Proofsheet.Api.Imaging.Steps;

namespace Proofsheet.Api.Imaging;

/// <summary>
/// Takes one photograph from a file to renditions, as two lists of named steps: first what a photo is shown with, then the formats that are smaller to
/// send and take most of the time to make. It is independent of processes, queues and storage.
/// </summary>
internal static class RenditionPipeline
{
    private static readonly RenditionStep[] Steps =
    [
        new("open", DecodeSteps.Open),
        new("flatten on white", DecodeSteps.FlattenOnWhite),
        new("shrink to 2048", DecodeSteps.ShrinkToLarge),
        new("convert to sRGB", DecodeSteps.ConvertToSrgb),
        new("hold in memory", DecodeSteps.HoldInMemory),
        new("turn upright", DecodeSteps.TurnUpright),
        new("make sizes", OutputSteps.MakeSizes),
        new("read signals", OutputSteps.ReadSignals),
        new("write master", OutputSteps.WriteMaster),
        new("write JPEG", OutputSteps.WriteJpeg),
    ];

    private static readonly RenditionStep[] FormatSteps =
    [
        new("open", DecodeSteps.Open),
        new("hold in memory", DecodeSteps.HoldInMemory),
        new("make sizes", OutputSteps.MakeSizes),
        new("write other formats", OutputSteps.WriteOtherFormats),
    ];

    public static IEnumerable<string> StepNames => Steps.Concat(FormatSteps).Select(s => s.Name);

    public static ProcessOutcome Run(ImageJob job, ImageLimits limits)
    {
        var inspection = ImageInspector.Inspect(job.SourcePath, limits);
        if (inspection.Facts is not { } facts)
        {
            return inspection.Refusal!;
        }

        using var work = new RenditionWork(job, facts);
        if (Refusal(Steps, work) is { } refusal)
        {
            return refusal;
        }

        var (width, height) = work.Upright;
        return new ProcessedPhoto
        {
            Kind = facts.Kind,
            Width = width,
            Height = height,
            Orientation = facts.Orientation,
            Aspect = Math.Round(width / (double)height, 5),
            Signals = work.Signals!,
            Renditions = work.Renditions,
            Master = work.Master!,
            Metadata = PhotoMetadata.Read(job.SourcePath),
        };
    }

    /// <summary>Makes the renditions in the formats other than JPEG.</summary>
    /// <param name="job">Its source is the master, which is upright and in sRGB, and costs a fifth of the original to decode.</param>
    /// <param name="limits">Those of the original.</param>
    public static FormatsOutcome AddFormats(ImageJob job, ImageLimits limits)
    {
        var inspection = ImageInspector.Inspect(job.SourcePath, limits);
        if (inspection.Facts is not { } facts)
        {
            return inspection.Refusal!;
        }

        using var work = new RenditionWork(job, facts);
        return Refusal(FormatSteps, work) is { } refusal ? refusal : new FormatsOutcome(work.Renditions, null);
    }

    private static ImageRefusal? Refusal(RenditionStep[] steps, RenditionWork work)
    {
        foreach (var step in steps)
        {
            try
            {
                step.Run(work);
            }
            catch (DecodeException broken)
            {
                return broken.Refusal;
            }
            catch (VipsException broken)
            {
                return VipsErrors.ToRefusal(broken);
            }
        }

        return null;
    }
}
