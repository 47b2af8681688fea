using NetVips;

namespace Proofsheet.Benchmarks.Quality;

/// <summary>Multi-scale structural similarity of luma (Wang, Simoncelli, Bovik 2003): 1 for identical pictures; 0.98 or more is hard to tell apart.</summary>
internal sealed class Similarity
{
    private const int Window = 8;
    private const int Step = 4;
    private const double Luminance = 0.01 * 255 * 0.01 * 255;
    private const double Contrast = 0.03 * 255 * 0.03 * 255;
    private static readonly double[] Weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    private readonly List<Plane> scales;

    public Similarity(Image original) => scales = Scales(original);

    public double To(Image other)
    {
        var theirs = Scales(other);
        var product = 1.0;
        // A small picture has fewer scales; their weights are normalized to a sum of one.
        var total = Weights.Take(scales.Count).Sum();
        for (var i = 0; i < scales.Count; i++)
        {
            var (structure, whole) = Compare(scales[i], theirs[i]);
            product *= Math.Pow(Math.Max(0, i == scales.Count - 1 ? whole : structure), Weights[i] / total);
        }

        return product;
    }

    private static List<Plane> Scales(Image image)
    {
        var pixels = image.WriteToMemory<byte>();
        var plane = new Plane(new float[image.Width * image.Height], image.Width, image.Height);
        for (var i = 0; i < plane.Values.Length; i++)
        {
            var at = i * image.Bands;
            plane.Values[i] = 0.299f * pixels[at] + 0.587f * pixels[at + 1] + 0.114f * pixels[at + 2];
        }

        List<Plane> scales = [plane];
        while (scales.Count < Weights.Length && Math.Min(scales[^1].Width, scales[^1].Height) >= 4 * Window)
        {
            scales.Add(scales[^1].Halved());
        }

        return scales;
    }

    private static (double Structure, double Whole) Compare(Plane a, Plane b)
    {
        double structures = 0, wholes = 0;
        var count = 0;
        for (var top = 0; top + Window <= a.Height; top += Step)
        {
            for (var left = 0; left + Window <= a.Width; left += Step)
            {
                double sumA = 0, sumB = 0, squaresA = 0, squaresB = 0, products = 0;
                for (var y = top; y < top + Window; y++)
                {
                    for (var at = y * a.Width + left; at < y * a.Width + left + Window; at++)
                    {
                        double p = a.Values[at], q = b.Values[at];
                        (sumA, sumB, squaresA, squaresB, products) = (sumA + p, sumB + q, squaresA + p * p, squaresB + q * q, products + p * q);
                    }
                }

                const double n = Window * Window;
                var (meanA, meanB) = (sumA / n, sumB / n);
                var structure = (2 * (products / n - meanA * meanB) + Contrast) / (squaresA / n - meanA * meanA + squaresB / n - meanB * meanB + Contrast);
                structures += structure;
                wholes += structure * (2 * meanA * meanB + Luminance) / (meanA * meanA + meanB * meanB + Luminance);
                count++;
            }
        }

        return (structures / count, wholes / count);
    }

    private sealed record Plane(float[] Values, int Width, int Height)
    {
        public Plane Halved()
        {
            var (width, height) = (Width / 2, Height / 2);
            var half = new Plane(new float[width * height], width, height);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var at = 2 * y * Width + 2 * x;
                    half.Values[y * width + x] = (Values[at] + Values[at + 1] + Values[at + Width] + Values[at + Width + 1]) / 4;
                }
            }

            return half;
        }
    }
}
