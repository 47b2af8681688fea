using System.Numerics;

namespace Proofsheet.DemoPictures;

/// <summary>The colors of a time of day: the sky from top to horizon, the sun, and the far and near ground.</summary>
internal sealed record Hour(Vector3[] Sky, Vector3 Sun, Vector3 Far, Vector3 Near)
{
    public static readonly Hour Dawn = From(["#3b5b8c", "#7d93b8", "#d9b8b4", "#f6cfa4", "#fde6bd"], "#fff1cf", "#c9aeb4", "#1d2a3d");
    public static readonly Hour Dusk = From(["#171a3f", "#3d2f66", "#8a4374", "#dd6a5b", "#f9b36b"], "#ffdf9e", "#a5587a", "#0f0e22");
    public static readonly Hour Golden = From(["#5d7f9e", "#a9b5ae", "#e8cd96", "#f7c873", "#fbe3a6"], "#fff4d2", "#d2a86d", "#2a2115");
    public static readonly Hour Misty = From(["#6f93a0", "#9db9bd", "#c4d4d0", "#dfe5da", "#eeeee2"], "#fdfbf0", "#b4c8c8", "#142b30");
    public static readonly Hour Rose = From(["#6a6fa3", "#a98fb8", "#e0a9b7", "#f4c3b0", "#fbdcc2"], "#fff0df", "#bf94ae", "#2b1f3c");

    private static Hour From(string[] sky, string sun, string far, string near) =>
        new([.. sky.Select(Light.Hex)], Light.Hex(sun), Light.Hex(far), Light.Hex(near));
}

internal static class LandscapeScenes
{
    private const float Horizon = 0.62f;

    public static Painter Mountains(int width, int height, int seed, Hour hour, int layers = 6, bool hasPines = true)
    {
        var dice = new Dice(seed);
        var noise = new Noise(seed);
        var sun = new Vector2(width * dice.Between(0.25f, 0.75f) / height, dice.Between(0.4f, 0.52f));
        var ridges = new float[layers][];
        for (var i = 0; i < layers; i++)
        {
            ridges[i] = Ridge(noise, width, height, i, layers, hasPines && i == layers - 1);
        }

        return (px, py) =>
        {
            var (x, y) = (px / (float)height, py / (float)height);
            var color = Sky(noise, hour, sun, x, y);
            for (var i = 0; i < layers; i++)
            {
                var depth = (y - ridges[i][px]) * height;
                if (depth > -1)
                {
                    var near = (i + 1f) / layers;
                    var body = Vector3.Lerp(hour.Far, hour.Near, MathF.Pow(near, 1.25f));
                    // Mist gathers in the valleys, in the light of the sky above.
                    var mist = Light.Step(0, 0.24f, y - ridges[i][px]) * 0.6f * (1 - near) * (1 - near * near);
                    var texture = 0.94f + 0.12f * noise.Sum(x * 30, y * 46, 3);
                    body = Vector3.Lerp(body * texture, hour.Sky[^2] * 0.92f, mist);
                    color = Vector3.Lerp(color, body, Math.Clamp(depth + 0.5f, 0, 1));
                }
            }

            return color;
        };
    }

    public static Painter Lake(int width, int height, int seed, Hour hour)
    {
        const float shore = 0.66f;
        var above = Mountains(width, height, seed, hour, layers: 5, hasPines: false);
        var noise = new Noise(seed + 5);
        return (px, py) =>
        {
            var y = py / (float)height;
            if (y < shore)
            {
                return above(px, py);
            }

            var depth = (y - shore) / (1 - shore);
            var ripple = noise.Sum(px * 9f / height, 5 / (depth + 0.05f) + y * 60, 3) - 0.5f;
            var mirror = Math.Clamp((int)((2 * shore - y + ripple * 0.055f * depth) * height), 0, (int)(shore * height) - 1);
            var side = Math.Clamp(px + (int)(ripple * 22 * depth), 0, width - 1);
            var water = above(side, mirror) * (0.86f - 0.34f * depth) + hour.Sky[1] * 0.05f;
            var line = Light.Step(0.02f, 0, depth) * 0.25f;
            return Vector3.Lerp(water, hour.Sky[^1], line);
        };
    }

    public static Painter Sea(int width, int height, int seed, Hour hour)
    {
        var dice = new Dice(seed);
        var noise = new Noise(seed);
        var sun = new Vector2(width * dice.Between(0.3f, 0.7f) / height, Horizon - 0.07f);
        return (px, py) =>
        {
            var (x, y) = (px / (float)height, py / (float)height);
            if (y < Horizon)
            {
                return Sky(noise, hour, sun, x, y);
            }

            var depth = (y - Horizon) / (1 - Horizon);
            var waves = noise.Sum(x * 5 / (depth + 0.09f), 11 / (depth + 0.07f), 4);
            var body = Vector3.Lerp(hour.Sky[^2] * 0.62f, hour.Sky[0] * 0.26f, MathF.Pow(depth, 0.55f)) * (0.72f + 0.56f * waves);
            var path = MathF.Exp(-MathF.Pow((x - sun.X) / (0.05f + 0.2f * depth), 2));
            var glitter = Light.Step(0.5f, 0.72f, waves + 0.12f * path) * path;
            return body + hour.Sun * (1.15f * glitter + 0.2f * path * (1 - depth));
        };
    }

    public static Painter Aurora(int width, int height, int seed)
    {
        var noise = new Noise(seed);
        Vector3[] night = [Light.Hex("#050a1c"), Light.Hex("#0a1733"), Light.Hex("#12294a"), Light.Hex("#1c3d59")];
        var (green, violet) = (Light.Hex("#5df2a0"), Light.Hex("#a25fe0"));
        var pines = Ridge(noise, width, height, 5, 6, hasPines: true);
        return (px, py) =>
        {
            var (x, y) = (px / (float)height, py / (float)height);
            var color = Light.Gradient(night, y / 0.8f) + Star(noise, px, py, height);
            for (var band = 0; band < 3; band++)
            {
                var foot = 0.66f - 0.17f * band + 0.24f * (noise.Sum(x * 1.3f + 11 * band, band * 5f, 3) - 0.5f);
                var up = foot - y;
                var rays = 0.35f + 0.65f * noise.Sum(x * 26 + 40 * band + up * 2.2f, 3 * band, 3);
                var glow = Light.Step(-0.035f, 0.03f, up) * MathF.Exp(-Math.Max(0, up) * (5.5f + 2 * band)) * rays;
                color += Vector3.Lerp(green, violet, Light.Step(0.04f, 0.34f, up)) * glow * (0.75f - 0.18f * band);
            }

            var ground = Math.Clamp((y - pines[px]) * height + 0.5f, 0, 1);
            return Vector3.Lerp(color, Light.Hex("#03070f") * (0.6f + 0.6f * noise.At(x * 40, y * 40)), ground);
        };
    }

    public static Painter Dunes(int width, int height, int seed)
    {
        const int layers = 5;
        var noise = new Noise(seed);
        var hour = Hour.Golden with { Sky = [.. ((string[])["#3f6f9c", "#7ba0b8", "#c9c3ac", "#efd0a0"]).Select(Light.Hex)] };
        var (lit, shade) = (Light.Hex("#eeb574"), Light.Hex("#6b3320"));
        var sun = new Vector2(width * 1.2f / height, 0.3f);
        var crests = Enumerable.Range(0, layers).Select(i => Enumerable.Range(0, width + 1).Select(px =>
        {
            var x = px / (float)height;
            var lift = noise.Sum(x * (2.1f - 0.3f * i) + 19 * i, 3 * i, 2);
            return 0.44f + 0.5f * MathF.Pow(i / (layers - 0.4f), 1.25f) - (0.1f + 0.07f * i) * (lift - 0.4f);
        }).ToArray()).ToArray();
        return (px, py) =>
        {
            var (x, y) = (px / (float)height, py / (float)height);
            var color = Sky(noise, hour, sun, x, y);
            for (var i = 0; i < layers; i++)
            {
                var below = y - crests[i][px];
                if (below * height < -1)
                {
                    continue;
                }

                var slope = (crests[i][Math.Min(px + 4, width)] - crests[i][Math.Max(px - 4, 0)]) * height / 8;
                var bend = noise.Sum(x * 1.6f + 7 * i, y * 2.2f + 3 * i, 2) - 0.5f;
                var light = Light.Step(-0.42f, 0.42f, slope * 1.9f + bend * 0.7f + 0.3f - below * 0.55f);
                var wind = MathF.Sin((y * 240 + x * 46 + 24 * noise.Sum(x * 5, y * 9, 2)) * (1.5f - 0.18f * i)) * 0.045f * (0.2f + light);
                var sand = Vector3.Lerp(shade, lit, light) * (1 + wind + 0.05f * (noise.At(x * 260, y * 260) - 0.5f));
                var haze = 0.5f * (1 - i / (layers - 1f));
                color = Vector3.Lerp(color, Vector3.Lerp(sand, hour.Sky[^1], haze), Math.Clamp(below * height + 0.5f, 0, 1));
            }

            return color;
        };
    }

    internal static Vector3 Sky(Noise noise, Hour hour, Vector2 sun, float x, float y)
    {
        var color = Light.Gradient(hour.Sky, y / Horizon);
        var away = Vector2.Distance(new(x, y), sun);
        var clouds = Light.Step(0.48f, 0.82f, noise.Sum(x * 1.7f + 3, y * 7.5f, 5)) * Light.Step(0.7f, 0.1f, y);
        color = Vector3.Lerp(color, hour.Sky[^1] * 1.02f, clouds * (0.35f + 0.45f * MathF.Exp(-away * 2.2f)));
        color += hour.Sun * (0.5f * MathF.Exp(-away * 6.5f) + 0.2f * MathF.Exp(-away * 2.4f));
        return Vector3.Lerp(color, hour.Sun * 1.9f, Light.Step(0.034f, 0.031f, away));
    }

    private static float[] Ridge(Noise noise, int width, int height, int layer, int layers, bool hasPines)
    {
        var near = layer / (float)(layers - 1);
        var line = new float[width];
        for (var px = 0; px < width; px++)
        {
            var x = px / (float)height;
            var crest = noise.Ridge(x * (2.3f - 1.1f * near) + 31 * layer, 7 * layer, 6);
            var hill = noise.Sum(x * 1.1f + 13 * layer, 5 * layer, 5);
            var rise = Light.Mix(crest, hill, near) - 0.5f;
            line[px] = Light.Mix(0.5f, 0.9f, near) - Light.Mix(0.42f, 0.2f, near) * rise - (hasPines ? Pine(noise, x) : 0);
        }

        return line;
    }

    // A forest along a ridge: each tree is a narrow spire of its own height, with a ragged edge.
    private static float Pine(Noise noise, float x)
    {
        var tallest = 0f;
        for (var row = 0; row < 3; row++)
        {
            var at = x * (38 + 17 * row) + 0.37f * row;
            var tree = (int)MathF.Floor(at);
            var middle = 0.5f + 0.3f * (noise.Cell(tree, 90 + row) - 0.5f);
            var size = 0.016f + 0.05f * MathF.Pow(noise.Cell(tree, 50 + row), 2) * Light.Step(0.3f, 0.7f, noise.At(x * 2.3f, 70));
            var edge = 1 - 2.1f * MathF.Abs(at - tree - middle);
            tallest = Math.Max(tallest, size * (edge + 0.1f * (noise.At(x * 900, row) - 0.5f)));
        }

        return Math.Max(0, tallest);
    }

    private static Vector3 Star(Noise noise, int px, int py, int height)
    {
        var pitch = height / 95f;
        var (column, row) = ((int)(px / pitch), (int)(py / pitch));
        var bright = MathF.Pow(noise.Cell(column, row + 1000), 22);
        var center = new Vector2((column + 0.2f + 0.6f * noise.Cell(column, row + 2000)) * pitch, (row + 0.2f + 0.6f * noise.Cell(column, row + 3000)) * pitch);
        var away = Vector2.Distance(new(px, py), center) * 1333 / height;
        var warmth = noise.Cell(column, row + 4000);
        return new Vector3(0.85f + 0.3f * warmth, 0.95f, 1.15f - 0.3f * warmth) * bright * 1.5f * MathF.Exp(-away * away / 1.7f);
    }
}
