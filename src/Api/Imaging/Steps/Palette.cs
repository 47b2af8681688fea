namespace Proofsheet.Api.Imaging.Steps;

/// <summary>Dominant colors by k-means in CIE Lab, where equal distances look equally different.</summary>
internal static class Palette
{
    private const int Colors = 5;
    private const int Rounds = 12;

    // Two colors closer than this look the same.
    private const double LeastDifference = 6;

    /// <param name="pixels">sRGB, three bytes per pixel.</param>
    /// <returns>As #rrggbb, the most dominant first.</returns>
    public static IReadOnlyList<string> Dominant(ReadOnlySpan<byte> pixels)
    {
        var points = new (double L, double A, double B)[pixels.Length / 3];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = ToLab(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]);
        }

        var centers = Spread(points);
        var counts = new int[centers.Count];
        for (var round = 0; round < Rounds; round++)
        {
            Move(points, centers, counts);
        }

        return [.. centers.Zip(counts).Where(c => c.Second > 0).OrderByDescending(c => c.Second).Select(c => ToHex(c.First))];
    }

    // Starting from the color furthest from all chosen ones makes the result deterministic, and finds small but strong colors.
    private static List<(double L, double A, double B)> Spread((double L, double A, double B)[] points)
    {
        var sum = (L: 0.0, A: 0.0, B: 0.0);
        foreach (var point in points)
        {
            sum = (sum.L + point.L, sum.A + point.A, sum.B + point.B);
        }

        var mean = (sum.L / points.Length, sum.A / points.Length, sum.B / points.Length);
        List<(double L, double A, double B)> centers = [points.MinBy(p => Distance(p, mean))];
        var apart = new double[points.Length];
        Array.Fill(apart, double.MaxValue);
        while (centers.Count < Colors)
        {
            var furthest = 0;
            for (var i = 0; i < points.Length; i++)
            {
                apart[i] = Math.Min(apart[i], Distance(points[i], centers[^1]));
                furthest = apart[i] > apart[furthest] ? i : furthest;
            }

            if (apart[furthest] < LeastDifference * LeastDifference)
            {
                break;
            }

            centers.Add(points[furthest]);
        }

        return centers;
    }

    private static void Move((double L, double A, double B)[] points, List<(double L, double A, double B)> centers, int[] counts)
    {
        var sums = new (double L, double A, double B)[centers.Count];
        Array.Clear(counts);
        foreach (var point in points)
        {
            var (nearest, distance) = (0, double.MaxValue);
            for (var i = 0; i < centers.Count; i++)
            {
                if (Distance(point, centers[i]) is var here && here < distance)
                {
                    (nearest, distance) = (i, here);
                }
            }

            counts[nearest]++;
            sums[nearest] = (sums[nearest].L + point.L, sums[nearest].A + point.A, sums[nearest].B + point.B);
        }

        for (var i = 0; i < centers.Count; i++)
        {
            if (counts[i] > 0)
            {
                centers[i] = (sums[i].L / counts[i], sums[i].A / counts[i], sums[i].B / counts[i]);
            }
        }
    }

    private static double Distance((double L, double A, double B) p, (double L, double A, double B) q) =>
        (p.L - q.L) * (p.L - q.L) + (p.A - q.A) * (p.A - q.A) + (p.B - q.B) * (p.B - q.B);

    private static (double L, double A, double B) ToLab(byte red, byte green, byte blue)
    {
        double r = Srgb.ToLinear(red), g = Srgb.ToLinear(green), b = Srgb.ToLinear(blue);
        var x = F((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
        var y = F(0.2126 * r + 0.7152 * g + 0.0722 * b);
        var z = F((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
        return (116 * y - 16, 500 * (x - y), 200 * (y - z));

        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : 7.787 * t + 16.0 / 116;
    }

    private static string ToHex((double L, double A, double B) lab)
    {
        var fy = (lab.L + 16) / 116;
        var x = Back(fy + lab.A / 500) * 0.95047;
        var y = Back(fy);
        var z = Back(fy - lab.B / 200) * 1.08883;
        var r = Srgb.FromLinear(3.2406 * x - 1.5372 * y - 0.4986 * z);
        var g = Srgb.FromLinear(-0.9689 * x + 1.8758 * y + 0.0415 * z);
        var b = Srgb.FromLinear(0.0557 * x - 0.2040 * y + 1.0570 * z);
        return $"#{r:x2}{g:x2}{b:x2}";

        static double Back(double t) => t * t * t > 0.008856 ? t * t * t : (t - 16.0 / 116) / 7.787;
    }
}
