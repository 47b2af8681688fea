using NetVips;

namespace Proofsheet.Api.Imaging.Steps;

/// <summary>What the steps of one photograph pass on to each other.</summary>
internal sealed class RenditionWork(ImageJob job, ImageFacts facts) : IDisposable
{
    private Image? image;

    public ImageJob Job { get; } = job;

    public ImageFacts Facts { get; } = facts;

    /// <summary>The current picture. Setting it frees the previous one (libvips keeps what it still needs).</summary>
    public Image Image
    {
        get => image ?? throw new InvalidOperationException("No picture has been opened yet.");
        set
        {
            if (!ReferenceEquals(image, value))
            {
                image?.Dispose();
                image = value;
            }
        }
    }

    /// <summary>Upright sRGB pictures in memory, by their nominal size.</summary>
    public SortedDictionary<int, Image> Sizes { get; } = [];

    public List<RenditionFile> Renditions { get; } = [];

    public RenditionFile? Master { get; set; }

    public PictureSignals? Signals { get; set; }

    /// <summary>The size of the original as shown.</summary>
    public (int Width, int Height) Upright =>
        Facts.Orientation >= 5 ? (Facts.Height, Facts.Width) : (Facts.Width, Facts.Height);

    public void Dispose()
    {
        foreach (var size in Sizes.Values)
        {
            size.Dispose();
        }

        image?.Dispose();
    }
}

/// <param name="Name">Shown in traces and errors.</param>
internal sealed record RenditionStep(string Name, Action<RenditionWork> Run);
