using System.Numerics;

namespace Proofsheet.DemoPictures;

/// <summary>Returns the light (linear RGB, 1 is white) of a scene at a pixel.</summary>
internal delegate Vector3 Painter(int x, int y);

/// <summary>Reproducible randomness: the same seed gives the same picture on every machine.</summary>
internal sealed class Dice(int seed)
{
    private uint state = (uint)seed * 2654435761u + 12345u;

    public float Next()
    {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return (state >> 8) / 16777216f;
    }

    public float Between(float low, float high) => low + (high - low) * Next();

    public T Of<T>(IReadOnlyList<T> choices) => choices[(int)(Next() * choices.Count)];
}

/// <summary>Smooth noise and sums of it, between 0 and 1.</summary>
internal sealed class Noise(int seed)
{
    private readonly uint salt = (uint)seed * 0x9E3779B9u + 7u;

    public float Cell(int x, int y)
    {
        var h = (uint)x * 374761393u + (uint)y * 668265263u + salt;
        h = (h ^ h >> 13) * 1274126177u;
        h = (h ^ h >> 16) * 2246822519u;
        return (h ^ h >> 15) / 4294967296f;
    }

    public float At(float x, float y)
    {
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (u, v) = (Ease(x - left), Ease(y - top));
        return Light.Mix(
            Light.Mix(Cell(left, top), Cell(left + 1, top), u),
            Light.Mix(Cell(left, top + 1), Cell(left + 1, top + 1), u),
            v);
    }

    public float Sum(float x, float y, int octaves)
    {
        var (total, weight, whole) = (0f, 0.5f, 0f);
        for (var i = 0; i < octaves; i++)
        {
            total += weight * At(x, y);
            whole += weight;
            weight *= 0.5f;
            (x, y) = (2.03f * x + 17.3f, 2.03f * y + 9.1f);
        }

        return total / whole;
    }

    /// <summary>Noise with sharp ridges, like weathered mountains.</summary>
    public float Ridge(float x, float y, int octaves)
    {
        var (total, weight, whole) = (0f, 0.5f, 0f);
        for (var i = 0; i < octaves; i++)
        {
            total += weight * (1 - MathF.Abs(2 * At(x, y) - 1));
            whole += weight;
            weight *= 0.48f;
            (x, y) = (2.1f * x + 5.7f, 2.1f * y + 3.3f);
        }

        return total / whole;
    }

    private static float Ease(float t) => t * t * t * (t * (6 * t - 15) + 10);
}

internal static class Light
{
    public static float Mix(float a, float b, float t) => a + (b - a) * t;

    public static float Step(float from, float to, float value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }

    /// <summary>Converts #rrggbb, as displayed on a screen, to light.</summary>
    public static Vector3 Hex(string color)
    {
        var rgb = Convert.ToInt32(color[1..], 16);
        return new(One(rgb >> 16), One(rgb >> 8), One(rgb));

        static float One(int v) => (float)Srgb.ToLinear((byte)(v & 255));
    }

    public static Vector3 Gradient(ReadOnlySpan<Vector3> stops, float t)
    {
        var at = Math.Clamp(t, 0, 1) * (stops.Length - 1);
        var low = Math.Min((int)at, stops.Length - 2);
        return Vector3.Lerp(stops[low], stops[low + 1], at - low);
    }

    /// <summary>A soft highlight curve, which keeps suns from burning out to flat white and preserves their color.</summary>
    public static Vector3 Develop(Vector3 light, float x, float y)
    {
        var fall = 1 - 0.32f * MathF.Pow(x * x + y * y, 1.4f);
        light = Vector3.Max(light, Vector3.Zero) * fall * 1.08f;
        return new(Shoulder(light.X), Shoulder(light.Y), Shoulder(light.Z));

        static float Shoulder(float v) => v < 0.6f ? v : 0.6f + 0.4f * (1 - MathF.Exp(-(v - 0.6f) / 0.4f));
    }
}
