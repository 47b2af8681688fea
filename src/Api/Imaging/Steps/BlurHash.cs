using System.Text;

namespace Proofsheet.Api.Imaging.Steps;

/// <summary>Encodes the BlurHash placeholder (blurha.sh): a few cosine components in 28 characters.</summary>
internal static class BlurHash
{
    private const int ComponentsX = 4;
    private const int ComponentsY = 3;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

    /// <param name="pixels">sRGB, three bytes per pixel, rows without padding.</param>
    public static string Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        Span<(double R, double G, double B)> factors = stackalloc (double, double, double)[ComponentsX * ComponentsY];
        Sum(pixels, width, height, factors);
        var largest = 0.0;
        foreach (var (r, g, b) in factors[1..])
        {
            largest = Math.Max(largest, Math.Max(Math.Abs(r), Math.Max(Math.Abs(g), Math.Abs(b))));
        }

        var quantised = Math.Clamp((int)Math.Floor(largest * 166 - 0.5), 0, 82);
        var scale = (quantised + 1) / 166.0;
        var hash = new StringBuilder();
        Append(hash, ComponentsX - 1 + (ComponentsY - 1) * 9, 1);
        Append(hash, quantised, 1);
        var (dcR, dcG, dcB) = factors[0];
        Append(hash, (Srgb.FromLinear(dcR) << 16) + (Srgb.FromLinear(dcG) << 8) + Srgb.FromLinear(dcB), 4);
        foreach (var (r, g, b) in factors[1..])
        {
            Append(hash, Quantise(r / scale) * 19 * 19 + Quantise(g / scale) * 19 + Quantise(b / scale), 2);
        }

        return hash.ToString();
    }

    private static void Sum(ReadOnlySpan<byte> pixels, int width, int height, Span<(double R, double G, double B)> factors)
    {
        var (across, down) = (Cosines(width, ComponentsX), Cosines(height, ComponentsY));
        Span<(double R, double G, double B)> row = stackalloc (double, double, double)[ComponentsX];
        for (var y = 0; y < height; y++)
        {
            row.Clear();
            for (var x = 0; x < width; x++)
            {
                var at = 3 * (y * width + x);
                var (r, g, b) = (Srgb.ToLinear(pixels[at]), Srgb.ToLinear(pixels[at + 1]), Srgb.ToLinear(pixels[at + 2]));
                for (var i = 0; i < ComponentsX; i++)
                {
                    var basis = across[x * ComponentsX + i];
                    row[i] = (row[i].R + basis * r, row[i].G + basis * g, row[i].B + basis * b);
                }
            }

            for (var at = 0; at < factors.Length; at++)
            {
                var basis = down[y * ComponentsY + at / ComponentsX] * (at == 0 ? 1.0 : 2.0) / (width * height);
                var (r, g, b) = row[at % ComponentsX];
                factors[at] = (factors[at].R + basis * r, factors[at].G + basis * g, factors[at].B + basis * b);
            }
        }
    }

    private static double[] Cosines(int length, int components)
    {
        var cosines = new double[length * components];
        for (var at = 0; at < cosines.Length; at++)
        {
            cosines[at] = Math.Cos(Math.PI * (at % components) * (at / components) / length);
        }

        return cosines;
    }

    private static int Quantise(double value) =>
        Math.Clamp((int)Math.Floor(Math.CopySign(Math.Sqrt(Math.Abs(value)), value) * 9 + 9.5), 0, 18);

    private static void Append(StringBuilder hash, int value, int digits)
    {
        for (var power = digits - 1; power >= 0; power--)
        {
            hash.Append(Alphabet[value / (int)Math.Pow(83, power) % 83]);
        }
    }
}

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
