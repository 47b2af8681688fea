namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>Whether the loaded libvips really writes AVIF: its encoder is a plug-in that some systems package apart.</summary>
internal static class AvifProbe
{
    public static bool CanEncode()
    {
        try
        {
            using var dot = VipsImage.FromPixels(new byte[16 * 16 * 3], 16, 16, 3);
            return VipsEncode.Avif(dot, 50, 0).Length > 0;
        }
        catch (VipsException)
        {
            return false;
        }
    }
}
