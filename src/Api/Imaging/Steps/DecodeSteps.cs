using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Steps;

/// <summary>From the file to an upright sRGB picture of at most 2048 pixels in memory, in one pass over the original.</summary>
internal static class DecodeSteps
{
    public static void Open(RenditionWork work) =>
        work.Image = ImageLoader.OpenForOnePass(work.Facts, work.Job.SourcePath, Resizing.ShrinkOnLoad(work.Facts.Width, work.Facts.Height, RenditionSizes.Large));

    /// <summary>Before resizing: colors hidden under transparent pixels would bleed into the edges.</summary>
    public static void FlattenOnWhite(RenditionWork work)
    {
        if (!work.Image.HasAlpha)
        {
            return;
        }

        double[] white = work.Image.Interpretation switch
        {
            Vips.InterpretationCmyk => [0, 0, 0, 0],
            Vips.InterpretationLab => [100, 0, 0],
            Vips.InterpretationScrgb => [1, 1, 1],
            Vips.InterpretationRgb16 or Vips.InterpretationGrey16 => [65535],
            _ => [255],
        };
        work.Image = VipsImage.Op("flatten").Set("in", work.Image).Set("background", white).Run();
    }

    /// <summary>Before color and orientation, which then cost a fraction.</summary>
    public static void ShrinkToLarge(RenditionWork work)
    {
        var (width, height) = Resizing.Fit(work.Facts.Width, work.Facts.Height, RenditionSizes.Large);
        work.Image = Resizing.To(work.Image, width, height);
    }

    public static void ConvertToSrgb(RenditionWork work)
    {
        var profile = work.Image.GetBlob("icc-profile-data");
        if (profile is not null && (!IccProfile.IsUsable(profile) || IccProfile.IsSrgb(profile)))
        {
            work.Image = WithoutProfile(work.Image);
            profile = null;
        }

        if (profile is not null || work.Image.Interpretation == Vips.InterpretationCmyk)
        {
            work.Image = TryTransform(work.Image);
        }

        if (work.Image.Interpretation != Vips.InterpretationSrgb || work.Image.Bands < 3)
        {
            work.Image = VipsImage.Op("colourspace").Set("in", work.Image).Set("space", Vips.InterpretationSrgb).Run();
        }

        if (work.Image.Bands > 3)
        {
            work.Image = VipsImage.Op("extract_band").Set("in", work.Image).Set("band", 0).Set("n", 3).Run();
        }

        if (work.Image.Format != Vips.FormatUchar)
        {
            work.Image = VipsImage.Op("cast").Set("in", work.Image).Set("format", Vips.FormatUchar).Run();
        }
    }

    /// <summary>A sequential picture can be read once only; everything after this reads it several times.</summary>
    public static void HoldInMemory(RenditionWork work) => work.Image = work.Image.ToMemory();

    public static void TurnUpright(RenditionWork work)
    {
        if (work.Facts.Orientation == 1)
        {
            return;
        }

        work.Image.SetField("orientation", work.Facts.Orientation);
        using var turned = VipsImage.Op("autorot").Set("in", work.Image).Run();
        work.Image = turned.ToMemory();
    }

    private static VipsImage TryTransform(VipsImage image)
    {
        try
        {
            var transform = VipsImage.Op("icc_transform").Set("in", image).Set("output-profile", "srgb").Set("embedded", true)
                .Set("intent", Vips.IntentRelative).Set("black-point-compensation", true);
            return (image.Interpretation == Vips.InterpretationCmyk ? transform.Set("input-profile", "cmyk") : transform).Run();
        }
        catch (VipsException)
        {
            // A profile that the color engine refuses (wrong channels, broken tables): shown as if it had none.
            return WithoutProfile(image);
        }
    }

    private static VipsImage WithoutProfile(VipsImage image)
    {
        var bare = image.Copy();
        bare.RemoveField("icc-profile-data");
        return bare;
    }
}
