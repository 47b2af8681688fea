namespace Proofsheet.DemoPictures;

/// <summary>Converts between sRGB values and linear light.</summary>
internal static class Srgb
{
    private static readonly double[] Linear = [.. Enumerable.Range(0, 256).Select(v =>
        v / 255.0 <= 0.04045 ? v / 255.0 / 12.92 : Math.Pow((v / 255.0 + 0.055) / 1.055, 2.4))];

    public static double ToLinear(byte value) => Linear[value];

    public static int FromLinear(double value)
    {
        var v = Math.Clamp(value, 0, 1);
        return (int)((v <= 0.0031308 ? v * 12.92 : 1.055 * Math.Pow(v, 1 / 2.4) - 0.055) * 255 + 0.5);
    }
}
