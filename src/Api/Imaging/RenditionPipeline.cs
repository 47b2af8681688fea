using NetVips;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Metadata;
using Proofsheet.Api.Imaging.Steps;

namespace Proofsheet.Api.Imaging;

/// <summary>Takes one photograph from a file to renditions, as a list of named steps. It is independent of processes, queues and storage.</summary>
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
        new("write renditions", OutputSteps.WriteRenditions),
    ];

    public static IEnumerable<string> StepNames => Steps.Select(s => s.Name);

    public static ProcessOutcome Run(ImageJob job, ImageLimits limits)
    {
        var inspection = ImageInspector.Inspect(job.SourcePath, limits);
        if (inspection.Facts is not { } facts)
        {
            return inspection.Refusal!;
        }

        using var work = new RenditionWork(job, facts);
        foreach (var step in Steps)
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
}
