namespace Proofsheet.Api.Imaging.Steps;

/// <summary>
/// Two 64-bit hashes that near-duplicates share except for a few bits, whatever their size, compression or brightness. Two pictures are
/// considered the same if either hash differs in at most ten bits.
/// </summary>
internal static class PictureHashes
{
    private const int Side = 8;
    private const int CosineSide = 32;

    // Row u holds the cosine of frequency u + 1; the mean, frequency 0, says nothing about a picture.
    private static readonly double[] Cosines = [.. Enumerable.Range(0, Side * CosineSide).Select(i =>
        Math.Cos(Math.PI * (i / CosineSide + 1) * (2 * (i % CosineSide) + 1) / (2 * CosineSide)))];

    /// <param name="pixels">sRGB, three bytes per pixel, rows without padding.</param>
    public static (long Difference, long Perceptual) Of(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var brightness = new AreaSums(pixels, width, height);
        return (Difference(brightness), Perceptual(brightness));
    }

    public static int Distance(long hash, long other) => System.Numerics.BitOperations.PopCount((ulong)(hash ^ other));

    // dHash: whether each of 8 x 8 fields is darker than the field to its right.
    private static long Difference(AreaSums brightness)
    {
        Span<double> fields = stackalloc double[(Side + 1) * Side];
        brightness.Shrink(fields, Side + 1, Side);
        long hash = 0;
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                hash = hash << 1 | (fields[y * (Side + 1) + x] < fields[y * (Side + 1) + x + 1] ? 1L : 0);
            }
        }

        return hash;
    }

    // pHash: which of the 64 lowest frequencies of the picture are stronger than their median.
    private static long Perceptual(AreaSums brightness)
    {
        Span<double> fields = stackalloc double[CosineSide * CosineSide];
        brightness.Shrink(fields, CosineSide, CosineSide);
        Span<double> rows = stackalloc double[CosineSide * Side];
        for (var y = 0; y < CosineSide; y++)
        {
            for (var u = 0; u < Side; u++)
            {
                rows[y * Side + u] = Product(fields.Slice(y * CosineSide, CosineSide), 1, Cosines.AsSpan(u * CosineSide, CosineSide));
            }
        }

        Span<double> waves = stackalloc double[Side * Side];
        for (var v = 0; v < Side; v++)
        {
            for (var u = 0; u < Side; u++)
            {
                waves[v * Side + u] = Product(rows[u..], Side, Cosines.AsSpan(v * CosineSide, CosineSide));
            }
        }

        Span<double> sorted = stackalloc double[Side * Side];
        waves.CopyTo(sorted);
        sorted.Sort();
        var median = (sorted[Side * Side / 2 - 1] + sorted[Side * Side / 2]) / 2;
        long hash = 0;
        foreach (var wave in waves)
        {
            hash = hash << 1 | (wave > median ? 1L : 0);
        }

        return hash;
    }

    private static double Product(ReadOnlySpan<double> values, int step, ReadOnlySpan<double> cosines)
    {
        var sum = 0.0;
        for (var i = 0; i < cosines.Length; i++)
        {
            sum += values[i * step] * cosines[i];
        }

        return sum;
    }

    /// <summary>Brightness summed from the top left corner, so that the mean of any field, even of fractional pixels, takes four look-ups.</summary>
    private readonly ref struct AreaSums
    {
        private readonly int[] sums;
        private readonly int width;
        private readonly int height;

        public AreaSums(ReadOnlySpan<byte> pixels, int width, int height)
        {
            (this.width, this.height) = (width, height);
            sums = new int[(width + 1) * (height + 1)];
            for (var y = 0; y < height; y++)
            {
                var row = pixels.Slice(3 * y * width, 3 * width);
                var above = sums.AsSpan(y * (width + 1), width + 1);
                var here = sums.AsSpan((y + 1) * (width + 1), width + 1);
                var sum = 0;
                for (int x = 0, at = 0; x < width; x++, at += 3)
                {
                    sum += row[at] * 77 + row[at + 1] * 150 + row[at + 2] * 29 >> 8;
                    here[x + 1] = above[x + 1] + sum;
                }
            }
        }

        /// <summary>Divides the picture into fields, each with its mean brightness.</summary>
        public void Shrink(Span<double> fields, int columns, int rows)
        {
            Span<double> last = stackalloc double[columns + 1];
            Span<double> next = stackalloc double[columns + 1];
            for (var y = 0; y < rows; y++)
            {
                for (var x = 0; x <= columns; x++)
                {
                    next[x] = Sum(x * (double)width / columns, (y + 1) * (double)height / rows);
                }

                for (var x = 0; x < columns; x++)
                {
                    fields[y * columns + x] = (next[x + 1] - next[x] - last[x + 1] + last[x]) * columns * rows / ((double)width * height);
                }

                next.CopyTo(last);
            }
        }

        private double Sum(double x, double y)
        {
            var (left, top) = (Math.Min((int)x, width - 1), Math.Min((int)y, height - 1));
            var (dx, dy) = (x - left, y - top);
            var at = top * (width + 1) + left;
            var below = at + width + 1;
            return (1 - dy) * ((1 - dx) * sums[at] + dx * sums[at + 1]) + dy * ((1 - dx) * sums[below] + dx * sums[below + 1]);
        }
    }
}
