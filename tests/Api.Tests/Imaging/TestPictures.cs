using NetVips;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Metadata;
using Proofsheet.DemoPictures;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>Generated pictures: the same bytes for the same arguments, and different for each seed.</summary>
internal static class TestPictures
{
    public static readonly GpsPosition Florence = new(43.46783, 11.88513, null);

    private static readonly Lazy<byte[]> Demanding = new(() => ProgressiveJpeg(8000, 7000, seed: 3));

    /// <summary>A JPEG with photographic texture and EXIF: camera, lens, exposure, time with zone, place, caption, creator.</summary>
    public static byte[] Jpeg(int width, int height, int seed, int orientation = 1)
    {
        using var image = Picture(width, height, seed);
        using var tagged = Exif(seed, orientation).On(image);
        return ExifFields.Save(tagged, 88);
    }

    public static ExifFields Exif(int seed, int orientation = 1) => new()
    {
        Make = "Proofsheet",
        Model = "Proofsheet Test " + seed,
        Lens = "50mm F1.8",
        Exposure = (1, 250),
        FNumber = 2.8,
        Iso = 400,
        FocalLengthMillimeters = 50,
        TakenAtLocal = new DateTime(2024, 5, 17, 18, 2, 11).AddMinutes(seed),
        Offset = "+02:00",
        Caption = "Picture " + seed,
        Artist = "Anna Fischer",
        Copyright = "(c) Anna Fischer",
        Orientation = orientation,
        Gps = (Florence.Latitude, Florence.Longitude),
    };

    /// <summary>With full chroma, which takes the most memory to decode.</summary>
    public static byte[] ProgressiveJpeg(int width, int height, int seed)
    {
        using var image = Picture(width, height, seed);
        return image.JpegsaveBuffer(interlace: true, subsampleMode: Enums.ForeignSubsample.Off);
    }

    /// <summary>56 megapixels that only decode as a whole: seconds of CPU and hundreds of megabytes. Made once, because that takes as long.</summary>
    public static byte[] DemandingJpeg => Demanding.Value;

    /// <summary>A JPEG whose colors use the named built-in profile ("p3", "srgb", "cmyk").</summary>
    public static byte[] JpegWithProfile(int width, int height, int seed, string profile)
    {
        using var image = Picture(width, height, seed);
        using var moved = image.IccTransform(profile, inputProfile: "srgb");
        return ExifFields.Save(moved, 95);
    }

    /// <summary>A round picture on a transparent background whose hidden color is black.</summary>
    public static byte[] PngWithAlpha(int width, int height, int seed, int depth = 8)
    {
        using var image = Picture(width, height, seed);
        var colors = image.WriteToMemory<byte>();
        var pixels = new byte[width * height * 4];
        for (var i = 0; i < width * height; i++)
        {
            var x = i % width / (double)width - 0.5;
            var y = i / width / (double)height - 0.5;
            if (x * x + y * y < 0.2)
            {
                colors.AsSpan(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
                pixels[4 * i + 3] = 255;
            }
        }

        using var whole = VipsPixels.ToImage(pixels, width, height, 4);
        using var deep = depth == 16 ? whole.Colourspace(Enums.Interpretation.Rgb16) : whole.Copy();
        return deep.PngsaveBuffer();
    }

    public static byte[] Tiff(int width, int height, int seed, Enums.Interpretation interpretation)
    {
        using var image = Picture(width, height, seed);
        using var moved = image.Colourspace(interpretation);
        return moved.TiffsaveBuffer();
    }

    public static byte[] WebP(int width, int height, int seed)
    {
        using var image = Picture(width, height, seed);
        return VipsEncode.WebP(image, 85, 2);
    }

    public static byte[] Avif(int width, int height, int seed)
    {
        using var image = Picture(width, height, seed);
        return image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0);
    }

    public static Image Picture(int width, int height, int seed)
    {
        var (w, h) = (Math.Max(1, width / 4), Math.Max(1, height / 4));
        var pixels = new byte[w * h * 3];
        var turn = seed * 0.7;
        for (var y = 0; y < h; y++)
        {
            for (var x = 0; x < w; x++)
            {
                var u = x / (double)w;
                var v = y / (double)h;
                var wave = Math.Sin(9 * u + turn) * Math.Cos(7 * v - turn) + 0.3 * Math.Sin(31 * u * v + turn);
                var at = 3 * (y * w + x);
                pixels[at] = Byte(130 + 70 * wave + 60 * u);
                pixels[at + 1] = Byte(110 + 60 * Math.Sin(wave + turn) + 70 * v);
                pixels[at + 2] = Byte(120 + 80 * Math.Cos(2 * wave + 5 * v));
            }
        }

        using var small = VipsPixels.ToImage(pixels, w, h, 3);
        using var large = small.Resize(width / (double)w, vscale: height / (double)h);
        return large.CopyMemory();
    }

    /// <summary>The stored pixels of a picture that a viewer rotates upright by this orientation: the inverse of autorot.</summary>
    public static Image Stored(Image upright, int orientation)
    {
        var inverse = orientation switch { 6 => 8, 8 => 6, _ => orientation };
        using var tagged = upright.With("orientation", inverse);
        using var turned = tagged.Autorot();
        return turned.CopyMemory();
    }

    private static byte Byte(double value) => (byte)Math.Clamp(value, 0, 255);
}
