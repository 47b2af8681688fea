using System.Numerics;

namespace Proofsheet.Api.Imaging.Steps;

/// <summary>
/// How much fine detail the sharpest parts of a picture have: the variance of its Laplacian, in fields of about 64 pixels, over the sharpest
/// tenth of them. A portrait in front of a soft background is therefore as sharp as its eyes.
/// </summary>
internal static class Sharpness
{
    private const int FieldPixels = 64;
    private const int SharpestShare = 10;

    // Brightness is computed as red + 2 green + blue, which is four times too much.
    private const double Scale = 16;

    /// <param name="pixels">sRGB, three bytes per pixel, rows without padding.</param>
    /// <returns>0 for a flat picture, some tens for a soft photograph, hundreds or more for a sharp one. Only compare pictures of one size.</returns>
    public static double Of(ReadOnlySpan<byte> pixels, int width, int height)
    {
        if (width < 3 || height < 3)
        {
            return 0;
        }

        var (columns, rows) = (Math.Max(1, (width - 2) / FieldPixels), Math.Max(1, (height - 2) / FieldPixels));
        var fields = new Field[columns * rows];
        var (above, here, below) = (new short[width], new short[width], new short[width]);
        Brightness(pixels[..(3 * width)], above);
        Brightness(pixels.Slice(3 * width, 3 * width), here);
        for (var y = 1; y < height - 1; y++)
        {
            Brightness(pixels.Slice(3 * (y + 1) * width, 3 * width), below);
            var row = fields.AsSpan((int)((long)(y - 1) * rows / (height - 2)) * columns, columns);
            for (var column = 0; column < columns; column++)
            {
                var (from, to) = (1 + column * (width - 2) / columns, 1 + (column + 1) * (width - 2) / columns);
                row[column].Add(above, here, below, from, to);
            }

            (above, here, below) = (here, below, above);
        }

        return MeanOfSharpest(fields);
    }

    private static double MeanOfSharpest(Field[] fields)
    {
        var variances = Array.ConvertAll(fields, f => f.Variance);
        Array.Sort(variances);
        return variances[^Math.Max(1, variances.Length / SharpestShare)..].Average() / Scale;
    }

    private static void Brightness(ReadOnlySpan<byte> pixels, Span<short> row)
    {
        for (var x = 0; x < row.Length; x++)
        {
            row[x] = (short)(pixels[3 * x] + 2 * pixels[3 * x + 1] + pixels[3 * x + 2]);
        }
    }

    private struct Field
    {
        private long count;
        private long sum;
        private long squares;

        public readonly double Variance => squares / (double)count - sum / (double)count * (sum / (double)count);

        public void Add(ReadOnlySpan<short> above, ReadOnlySpan<short> here, ReadOnlySpan<short> below, int from, int to)
        {
            var (sums, squared) = (Vector<int>.Zero, Vector<int>.Zero);
            var x = from;
            for (; x <= to - Vector<short>.Count; x += Vector<short>.Count)
            {
                var middle = new Vector<short>(here[x..]);
                var edge = new Vector<short>(above[x..]) + new Vector<short>(below[x..]) + new Vector<short>(here[(x - 1)..]) + new Vector<short>(here[(x + 1)..])
                    - middle - middle - middle - middle;
                Vector.Widen(edge, out var low, out var high);
                sums += low + high;
                squared += low * low + high * high;
            }

            sum += Vector.Sum(sums);
            for (var lane = 0; lane < Vector<int>.Count; lane++)
            {
                squares += squared[lane];
            }

            for (; x < to; x++)
            {
                var edge = above[x] + below[x] + here[x - 1] + here[x + 1] - 4 * here[x];
                sum += edge;
                squares += edge * edge;
            }

            count += to - from;
        }
    }
}
