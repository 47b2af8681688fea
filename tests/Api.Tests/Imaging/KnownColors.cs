using NetVips;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>A picture of plain patches with known colors, and a measure of how much they changed.</summary>
internal static class KnownColors
{
    public const int Width = 900;
    public const int Height = 600;

    // Inside the gamut of a printing press, so that a conversion to CMYK can be reversed.
    private static readonly byte[][] Colors =
        [[128, 128, 128], [200, 160, 130], [120, 80, 60], [90, 120, 150], [110, 130, 80], [230, 225, 215]];

    /// <summary>Three patches above three, in sRGB.</summary>
    public static Image Picture(bool hasAlpha = false)
    {
        var bands = hasAlpha ? 4 : 3;
        var pixels = new byte[Width * Height * bands];
        for (var i = 0; i < Width * Height; i++)
        {
            Colors[i / Width / (Height / 2) * 3 + i % Width / (Width / 3)].CopyTo(pixels, bands * i);
            if (hasAlpha)
            {
                pixels[bands * i + 3] = 255;
            }
        }

        return VipsPixels.ToImage(pixels, Width, Height, bands);
    }

    /// <summary>The largest difference of any sample in the middle of any patch, with what was found.</summary>
    public static (int Difference, string Found) Compare(string path, bool isGray = false)
    {
        var worst = 0;
        var found = new List<string>();
        for (var field = 0; field < Colors.Length; field++)
        {
            var (r, g, b) = ImagingHost.ColorAt(path, (field % 3 + 0.5) / 3, (field / 3 + 0.5) / 2);
            var wanted = Colors[field];
            var luma = (byte)Math.Round(0.2126 * wanted[0] + 0.7152 * wanted[1] + 0.0722 * wanted[2]);
            byte[] target = isGray ? [luma, luma, luma] : wanted;
            worst = new[] { worst, Math.Abs(r - target[0]), Math.Abs(g - target[1]), Math.Abs(b - target[2]) }.Max();
            found.Add($"{string.Join(',', target)} became {r},{g},{b}");
        }

        return (worst, string.Join("; ", found));
    }
}
