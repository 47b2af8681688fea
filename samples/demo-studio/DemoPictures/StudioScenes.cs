using System.Numerics;

namespace Proofsheet.DemoPictures;

/// <summary>Pictures without a horizon: lights out of focus, silk, a flower, balloons, two people on a hill.</summary>
internal static class StudioScenes
{
    public static Painter Bokeh(int width, int height, int seed, string[] colors, string ground)
    {
        var dice = new Dice(seed);
        var noise = new Noise(seed);
        var lights = Enumerable.Range(0, 64).Select(i =>
        {
            var near = i / 64f;
            return (
                Center: new Vector2(dice.Between(-0.05f, 1.05f) * width / height, dice.Between(0.08f, 1.02f)),
                Radius: Light.Mix(0.02f, 0.115f, near * near) * dice.Between(0.75f, 1.2f),
                Color: Light.Hex(dice.Of(colors)) * Light.Mix(0.75f, 0.2f, near) * dice.Between(0.5f, 1.1f),
                Soft: Light.Mix(0.06f, 0.22f, dice.Next()));
        }).ToArray();
        var deep = Light.Hex(ground);
        return (px, py) =>
        {
            var at = new Vector2(px / (float)height, py / (float)height);
            var color = deep * (0.5f + 1.1f * noise.Sum(at.X * 1.4f, at.Y * 1.4f, 2)) * (1.25f - 0.7f * at.Y);
            foreach (var light in lights)
            {
                var away = Vector2.Distance(at, light.Center) / light.Radius;
                if (away < 1.25f)
                {
                    // A lens renders its discs a little brighter towards the rim.
                    var disc = Light.Step(1 + light.Soft, 1 - light.Soft, away) * (0.72f + 0.42f * away * away);
                    color += light.Color * disc;
                }
            }

            return color;
        };
    }

    public static Painter Silk(int width, int height, int seed, string[] colors)
    {
        var noise = new Noise(seed);
        Vector3[] stops = [.. colors.Select(Light.Hex)];
        var turn = new Dice(seed).Between(0.3f, 0.9f);
        var sun = Vector3.Normalize(new(-0.45f, -0.6f, 0.66f));
        return (px, py) =>
        {
            var (x, y) = (px / (float)height, py / (float)height);
            const float small = 0.002f;
            var here = Fold(x, y);
            var normal = Vector3.Normalize(new((here - Fold(x + small, y)) / small * 0.17f, (here - Fold(x, y + small)) / small * 0.17f, 1));
            var lit = Math.Max(0, Vector3.Dot(normal, sun));
            var shine = MathF.Pow(lit, 22);
            return Light.Gradient(stops, 0.5f + 0.42f * MathF.Sin(here * 2.6f)) * (0.22f + 0.92f * lit) + new Vector3(1, 0.97f, 0.92f) * shine * 0.28f;
        };

        float Fold(float x, float y)
        {
            var bend = noise.Sum(x * 0.9f + 4, y * 0.9f, 2) * 3.2f;
            var along = x * turn + y * (1 - turn);
            return MathF.Sin(along * 7 + bend * 2.1f) * 0.55f + 1.5f * noise.Sum(x * 1.1f + bend * 0.45f, y * 1.1f - bend * 0.3f, 2);
        }
    }

    public static Painter Dahlia(int width, int height, int seed, string outer, string inner, string ground)
    {
        const int rings = 11;
        var noise = new Noise(seed);
        var middle = new Vector2(width * 0.5f / height + 0.015f, 0.5f);
        var (edge, heart, leaf) = (Light.Hex(outer), Light.Hex(inner), Light.Hex(ground));
        var reach = 0.41f * Math.Min(1, width / (float)height);
        return (px, py) =>
        {
            var at = new Vector2(px / (float)height, py / (float)height);
            var color = leaf * (0.25f + 1.5f * MathF.Pow(noise.Sum(at.X * 2.2f, at.Y * 2.2f, 2), 2));
            var away = at - middle;
            var radius = away.Length() / reach;
            var angle = MathF.Atan2(away.Y, away.X) + 0.05f * (noise.At(at.X * 5, at.Y * 5) - 0.5f);
            for (var ring = 0; ring < rings; ring++)
            {
                var inward = ring / (float)rings;
                var size = MathF.Pow(1 - inward, 0.85f) * 1.02f + 0.03f;
                var petals = ring < 6 ? 21 - ring : 15 - ring / 2;
                var turn = angle * petals / MathF.Tau + (ring & 1) * 0.5f;
                var petal = turn - MathF.Floor(turn) - 0.5f;
                var own = noise.Cell(((int)MathF.Floor(turn) + 4 * petals) % petals, ring);
                var tip = size * (0.9f + 0.14f * own) * (1 - 1.05f * petal * petal - 1.1f * MathF.Pow(MathF.Abs(petal), 3));
                var cover = Math.Clamp((tip - radius) * reach * height + 0.5f, 0, 1);
                if (cover <= 0)
                {
                    // The area just outside a petal is in its shadow.
                    color *= 1 - 0.42f * MathF.Exp(-(radius - tip) * 26) * Light.Step(1.15f, 1f, radius);
                    continue;
                }

                var along = radius / tip;
                var body = Vector3.Lerp(heart, edge, Light.Step(0.1f, 1.05f, radius + 0.25f * along));
                var curve = 0.42f + 0.62f * along - 0.75f * petal * petal + 0.1f * petal;
                var vein = 1 + 0.05f * MathF.Sin(petal * 42) * along;
                color = Vector3.Lerp(color, body * curve * vein * (0.88f + 0.24f * own), cover);
            }

            return color;
        };
    }

    public static Painter Balloons(int width, int height, int seed, Hour hour)
    {
        var dice = new Dice(seed + 3);
        var behind = LandscapeScenes.Mountains(width, height, seed, hour, layers: 5, hasPines: false);
        string[][] cloths = [["#d1483a", "#f3e3c4"], ["#e8a735", "#20507a"], ["#2f7f86", "#f1d9a0"], ["#8c3b63", "#f0b27a"]];
        var balloons = Enumerable.Range(0, 4).Select(i => (
            Center: new Vector2((0.14f + 0.24f * i + dice.Between(-0.05f, 0.05f)) * width / height, dice.Between(0.14f, 0.46f)),
            Radius: (i == 1 ? 0.125f : dice.Between(0.035f, 0.07f)) * Math.Min(1, 1.1f * width / height),
            Light: Light.Hex(cloths[i][0]),
            Dark: Light.Hex(cloths[i][1]),
            Stripes: 5 + i)).OrderBy(b => b.Radius).ToArray();
        return (px, py) =>
        {
            var color = behind(px, py);
            foreach (var balloon in balloons)
            {
                var at = (new Vector2(px / (float)height, py / (float)height) - balloon.Center) / balloon.Radius;
                if (MathF.Abs(at.X) > 1.05f || at.Y is < -1.05f or > 2.1f)
                {
                    continue;
                }

                var far = Light.Step(0.13f, 0.03f, balloon.Radius) * 0.4f;
                var half = at.Y < 0.35f ? MathF.Sqrt(Math.Max(0, 1 - at.Y * at.Y)) : Light.Mix(0.937f, 0.2f, MathF.Pow(Math.Clamp((at.Y - 0.35f) / 1.05f, 0, 1), 0.85f));
                if (at.Y < 1.4f)
                {
                    var cover = Math.Clamp((half - MathF.Abs(at.X)) * balloon.Radius * height + 0.5f, 0, 1);
                    var round = Math.Clamp(at.X / Math.Max(half, 0.01f), -1, 1);
                    var isDark = MathF.Floor((MathF.Asin(round) / MathF.PI + 0.5f) * balloon.Stripes) % 2 == 1;
                    var shade = 0.34f + 0.72f * MathF.Sqrt(Math.Max(0, 1 - round * round)) - 0.22f * round - 0.12f * at.Y;
                    color = Vector3.Lerp(color, Vector3.Lerp((isDark ? balloon.Dark : balloon.Light) * shade, hour.Far, far), cover);
                }

                var isBasket = at.Y is > 1.66f and < 1.9f && MathF.Abs(at.X) < 0.15f;
                var isRope = at.Y is >= 1.38f and <= 1.67f && MathF.Abs(MathF.Abs(at.X) - Light.Mix(0.18f, 0.13f, (at.Y - 1.38f) / 0.29f)) < 0.014f;
                color = isBasket || isRope ? Vector3.Lerp(Light.Hex("#3b2616"), hour.Far, far) : color;
            }

            return color;
        };
    }

    public static Painter Couple(int width, int height, int seed, Hour hour)
    {
        var behind = LandscapeScenes.Mountains(width, height, seed, hour, layers: 4, hasPines: false);
        var noise = new Noise(seed);
        var dark = hour.Near * 0.55f;
        var stand = new Vector2(width * 0.56f / height, 0.8f);
        var size = 0.2f * Math.Min(1, 1.2f * width / height);
        return (px, py) =>
        {
            var at = new Vector2(px / (float)height, py / (float)height);
            var grass = 0.006f * noise.At(at.X * 420, 3) + 0.01f * noise.At(at.X * 90, 8);
            var hill = 0.79f + 0.16f * MathF.Pow(MathF.Abs(at.X - stand.X), 1.5f) - grass;
            var figure = Math.Min(Groom((at - stand) / size), Bride((at - stand) / size)) * size;
            var away = Math.Min(hill - at.Y, figure);
            return Vector3.Lerp(behind(px, py), dark * (0.8f + 0.5f * noise.At(at.X * 60, at.Y * 120)), Math.Clamp(0.5f - away * height, 0, 1));
        };
    }

    // Distances to silhouettes that are one unit tall and stand at the height of the origin.
    private static float Groom(Vector2 p)
    {
        p -= new Vector2(0.13f, 0);
        var body = Limb(p, new(0, -0.74f), new(0, -0.48f), 0.085f, 0.065f);
        body = Math.Min(body, Vector2.Distance(p, new(-0.015f, -0.925f)) - 0.068f);
        body = Math.Min(body, Limb(p, new(-0.035f, -0.45f), new(-0.05f, 0.05f), 0.05f, 0.035f));
        body = Math.Min(body, Limb(p, new(0.035f, -0.45f), new(0.055f, 0.05f), 0.05f, 0.035f));
        body = Math.Min(body, Limb(p, new(0.08f, -0.75f), new(0.11f, -0.44f), 0.032f, 0.024f));
        return Math.Min(body, Limb(p, new(-0.08f, -0.75f), new(-0.14f, -0.46f), 0.032f, 0.022f));
    }

    private static float Bride(Vector2 p)
    {
        p += new Vector2(0.15f, 0);
        var body = Limb(p, new(0, -0.7f), new(0.005f, -0.54f), 0.062f, 0.05f);
        body = Math.Min(body, Vector2.Distance(p, new(0.02f, -0.86f)) - 0.06f);
        body = Math.Min(body, Vector2.Distance(p, new(-0.04f, -0.885f)) - 0.036f);
        body = Math.Min(body, Limb(p, new(0, -0.5f), new(-0.02f, 0.02f), 0.055f, 0.19f));
        body = Math.Min(body, Limb(p, new(-0.05f, -0.1f), new(-0.26f, 0.05f), 0.1f, 0.03f));
        return Math.Min(body, Limb(p, new(0.05f, -0.7f), new(0.13f, -0.46f), 0.025f, 0.02f));
    }

    private static float Limb(Vector2 p, Vector2 from, Vector2 to, float thickFrom, float thickTo)
    {
        var along = to - from;
        var t = Math.Clamp(Vector2.Dot(p - from, along) / along.LengthSquared(), 0, 1);
        return Vector2.Distance(p, from + t * along) - Light.Mix(thickFrom, thickTo, t);
    }
}
