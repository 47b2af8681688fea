using NetVips;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Steps;

/// <summary>From the file to an upright sRGB picture of at most 2048 pixels in memory, in one pass over the original.</summary>
internal static class DecodeSteps
{
    private const string Profile = "icc-profile-data";

    public static void Open(RenditionWork work) =>
        work.Image = ImageLoader.OpenForOnePass(work.Facts, work.Job.SourcePath, Resizing.ShrinkOnLoad(work.Facts.Width, work.Facts.Height, RenditionSizes.Large));

    /// <summary>Before resizing, because colors hidden under transparent pixels would bleed into the edges.</summary>
    public static void FlattenOnWhite(RenditionWork work)
    {
        if (!work.Image.HasAlpha())
        {
            return;
        }

        double[] white = work.Image.GuessedInterpretation switch
        {
            Enums.Interpretation.Cmyk => [0, 0, 0, 0],
            Enums.Interpretation.Lab => [100, 0, 0],
            Enums.Interpretation.Scrgb => [1, 1, 1],
            Enums.Interpretation.Rgb16 or Enums.Interpretation.Grey16 => [65535],
            _ => [255],
        };
        work.Image = work.Image.Flatten(background: white);
    }

    /// <summary>Before color conversion and orientation, which then cost a fraction.</summary>
    public static void ShrinkToLarge(RenditionWork work)
    {
        var (width, height) = Resizing.Fit(work.Facts.Width, work.Facts.Height, RenditionSizes.Large);
        work.Image = Resizing.To(work.Image, width, height);
    }

    public static void ConvertToSrgb(RenditionWork work)
    {
        var profile = work.Image.GetBlob(Profile);
        if (profile is not null && (!IccProfile.IsUsable(profile) || IccProfile.IsSrgb(profile)))
        {
            work.Image = work.Image.Without(Profile);
            profile = null;
        }

        if (profile is not null || work.Image.GuessedInterpretation == Enums.Interpretation.Cmyk)
        {
            work.Image = TryTransform(work.Image);
        }

        if (work.Image.GuessedInterpretation != Enums.Interpretation.Srgb || work.Image.Bands < 3)
        {
            work.Image = work.Image.Colourspace(Enums.Interpretation.Srgb);
        }

        if (work.Image.Bands > 3)
        {
            work.Image = work.Image.ExtractBand(0, n: 3);
        }

        if (work.Image.Format != Enums.BandFormat.Uchar)
        {
            work.Image = work.Image.Cast(Enums.BandFormat.Uchar);
        }
    }

    /// <summary>A sequential picture can be read only once, but everything after this reads it several times.</summary>
    public static void HoldInMemory(RenditionWork work) => work.Image = work.Image.CopyMemory();

    public static void TurnUpright(RenditionWork work)
    {
        if (work.Facts.Orientation == 1)
        {
            return;
        }

        using var tagged = work.Image.With("orientation", work.Facts.Orientation);
        using var turned = tagged.Autorot();
        work.Image = turned.CopyMemory();
    }

    private static Image TryTransform(Image image)
    {
        try
        {
            return image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Relative, blackPointCompensation: true,
                inputProfile: image.GuessedInterpretation == Enums.Interpretation.Cmyk ? "cmyk" : null);
        }
        catch (VipsException)
        {
            // The color engine refuses the profile (wrong channels, broken tables), so the picture is shown as if it had none.
            return image.Without(Profile);
        }
    }
}
