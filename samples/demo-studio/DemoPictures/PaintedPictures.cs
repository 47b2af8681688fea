using NetVips;

namespace Proofsheet.DemoPictures;

/// <summary>A generated picture, as a camera would have written it.</summary>
internal sealed record DemoPicture(string FileName, byte[] Jpeg, int Width, int Height, string Title);

/// <summary>Pictures for a first run without photos: varied, in photographic size, with EXIF, and identical on every machine.</summary>
internal static class PaintedPictures
{
    /// <summary>The longer edge of a wide or tall picture, in pixels.</summary>
    public const int LongEdge = 4000;

    // Painted at half size, because the scenes are soft; grain is added at full size.
    private const int PaintedShare = 2;
    private const double Grain = 3.2;
    private const int Quality = 90;

    private static readonly (int Width, int Height) Wide = (LongEdge, 2667);
    private static readonly (int Width, int Height) Tall = (2667, LongEdge);
    private static readonly (int Width, int Height) Square = (3600, 3600);

    private static readonly Subject[] Subjects =
    [
        new("First light over the ridge", Wide, (w, h, s) => LandscapeScenes.Mountains(w, h, s, Hour.Dawn)),
        new("Yes, on the hill", Tall, (w, h, s) => StudioScenes.Couple(w, h, s, Hour.Dusk)),
        new("Evening lights", Wide, (w, h, s) => StudioScenes.Bokeh(w, h, s, ["#ffb347", "#ffd9a0", "#ff7e5f", "#f9e2ae", "#e0655a"], "#2a1412")),
        new("Dahlia", Square, (w, h, s) => StudioScenes.Dahlia(w, h, s, "#e9657f", "#8f1446", "#2c4a34")),
        new("Still lake", Wide, (w, h, s) => LandscapeScenes.Lake(w, h, s, Hour.Rose)),
        new("Morning flight", Tall, (w, h, s) => StudioScenes.Balloons(w, h, s, Hour.Golden)),
        new("Northern night", Wide, (w, h, s) => LandscapeScenes.Aurora(w, h, s)),
        new("Silk in copper", Square, (w, h, s) => StudioScenes.Silk(w, h, s, ["#3a0f1e", "#a8402f", "#f0a36b", "#f8dcb4"])),
        new("Dunes at five", Wide, (w, h, s) => LandscapeScenes.Dunes(w, h, s)),
        new("The valley wakes", Tall, (w, h, s) => LandscapeScenes.Mountains(w, h, s, Hour.Misty, layers: 7)),
        new("Sun into the sea", Wide, (w, h, s) => LandscapeScenes.Sea(w, h, s, Hour.Dusk)),
        new("City far below", Tall, (w, h, s) => StudioScenes.Bokeh(w, h, s, ["#6fc3ff", "#b9a3ff", "#ffd27a", "#ff8fb0", "#9fe8e0"], "#0d1530")),
        new("White dahlia", Tall, (w, h, s) => StudioScenes.Dahlia(w, h, s, "#f6efe4", "#d9b58a", "#31402f")),
        new("Balloons over the range", Wide, (w, h, s) => StudioScenes.Balloons(w, h, s, Hour.Dawn)),
        new("Silk in blue", Wide, (w, h, s) => StudioScenes.Silk(w, h, s, ["#0b1c3a", "#23568f", "#7fb4d6", "#eaf3f2"])),
        new("The last glow", Square, (w, h, s) => LandscapeScenes.Lake(w, h, s, Hour.Dusk)),
        new("Two in gold", Wide, (w, h, s) => StudioScenes.Couple(w, h, s, Hour.Golden)),
        new("Rose dusk", Tall, (w, h, s) => LandscapeScenes.Sea(w, h, s, Hour.Rose)),
    ];

    /// <summary>The number of different subjects; higher numbers repeat them with another seed.</summary>
    public static int SubjectCount => Subjects.Length;

    /// <param name="number">Starts at 0; the same number always gives the same picture.</param>
    /// <param name="longEdge">For smaller pictures: the longer edge of a wide or tall one, in pixels.</param>
    public static DemoPicture Make(int number, int longEdge = LongEdge)
    {
        var subject = Subjects[number % Subjects.Length];
        var (width, height) = (subject.Size.Width * longEdge / LongEdge, subject.Size.Height * longEdge / LongEdge);
        var seed = 11 + 37 * number;
        using var painted = Paint(subject.Scene, width / PaintedShare, height / PaintedShare, seed);
        using var large = painted.Resize(width / (double)painted.Width, vscale: height / (double)painted.Height);
        using var noise = Image.Gaussnoise(width, height, sigma: Grain, mean: 0, seed: seed);
        using var grained = large.Add(noise);
        using var eight = grained.Cast(Enums.BandFormat.Uchar);
        using var finished = eight.Copy(interpretation: Enums.Interpretation.Srgb);
        using var tagged = Camera(number, seed, subject.Title).On(finished);
        return new DemoPicture($"PRF_{4101 + 3 * number:0000}.jpg", ExifFields.Save(tagged, Quality), width, height, subject.Title);
    }

    /// <summary>Paints a scene into memory; rows are independent, so all cores are used.</summary>
    internal static Image Paint(Func<int, int, int, Painter> scene, int width, int height, int seed)
    {
        var painter = scene(width, height, seed);
        var pixels = new byte[width * height * 3];
        Parallel.For(0, height, y =>
        {
            for (var x = 0; x < width; x++)
            {
                var light = Light.Develop(painter(x, y), 2f * x / width - 1, 2f * y / height - 1);
                var at = 3 * (y * width + x);
                pixels[at] = (byte)Srgb.FromLinear(light.X);
                pixels[at + 1] = (byte)Srgb.FromLinear(light.Y);
                pixels[at + 2] = (byte)Srgb.FromLinear(light.Z);
            }
        });
        using var raw = Image.NewFromMemoryCopy<byte>(pixels, width, height, 3, Enums.BandFormat.Uchar);
        return raw.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static ExifFields Camera(int number, int seed, string title)
    {
        var dice = new Dice(seed);
        var (lens, millimeters, fNumber) = dice.Of(
            [("35mm F1.4", 35, 2.0), ("85mm F1.4", 85, 1.8), ("24-70mm F2.8", 50, 4.0), ("70-200mm F2.8", 135, 5.6)]);
        return new ExifFields
        {
            Make = "Proofsheet",
            Model = number % 3 == 0 ? "Proofsheet Studio II" : "Proofsheet Field",
            Lens = lens,
            Exposure = (1, dice.Of([60, 125, 250, 500, 1000])),
            FNumber = fNumber,
            Iso = dice.Of([100, 200, 400, 800]),
            FocalLengthMillimeters = millimeters,
            TakenAtLocal = new DateTime(2025, 6, 14, 14, 5, 20).AddMinutes(9 * number + (int)(6 * dice.Next())),
            Offset = "+02:00",
            Caption = title,
            Artist = "Anna Fischer",
            Copyright = "(c) 2025 Anna Fischer Photography",
        };
    }

    private sealed record Subject(string Title, (int Width, int Height) Size, Func<int, int, int, Painter> Scene);
}
