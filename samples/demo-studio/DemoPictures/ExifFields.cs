using System.Globalization;
using NetVips;

namespace Proofsheet.DemoPictures;

/// <summary>The EXIF fields that a camera would write, for generated pictures.</summary>
internal sealed record ExifFields
{
    public required string Make { get; init; }
    public required string Model { get; init; }
    public string? Lens { get; init; }
    public (int Over, int Under)? Exposure { get; init; }
    public double? FNumber { get; init; }
    public int? Iso { get; init; }
    public int? FocalLengthMillimeters { get; init; }
    public DateTime? TakenAtLocal { get; init; }
    public string? Offset { get; init; }
    public string? Caption { get; init; }
    public string? Artist { get; init; }
    public string? Copyright { get; init; }
    public int Orientation { get; init; } = 1;
    public (double Latitude, double Longitude)? Gps { get; init; }

    /// <summary>Adds these fields to a picture; a saver that keeps EXIF writes them.</summary>
    public Image On(Image picture) => picture.Mutate(SetOn);

    /// <summary>Saves a JPEG with all of the picture's metadata.</summary>
    public static byte[] Save(Image picture, int quality) => picture.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.All);

    private void SetOn(MutableImage image)
    {
        Set(image, "ifd0-Make", Make);
        Set(image, "ifd0-Model", Model);
        Set(image, "ifd0-ImageDescription", Caption);
        Set(image, "ifd0-Artist", Artist);
        Set(image, "ifd0-Copyright", Copyright);
        Set(image, "ifd2-LensModel", Lens);
        Set(image, "ifd2-ExposureTime", Exposure is { } e ? $"{e.Over}/{e.Under}" : null);
        Set(image, "ifd2-FNumber", FNumber is { } f ? Invariant($"{f * 10:0}/10") : null);
        Set(image, "ifd2-ISOSpeedRatings", Iso is { } iso ? Invariant($"{iso}") : null);
        Set(image, "ifd2-FocalLength", FocalLengthMillimeters is { } mm ? Invariant($"{mm}/1") : null);
        Set(image, "ifd2-DateTimeOriginal", TakenAtLocal?.ToString("yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture));
        Set(image, "ifd2-OffsetTimeOriginal", Offset);
        if (Gps is { } gps)
        {
            Set(image, "ifd3-GPSLatitudeRef", gps.Latitude < 0 ? "S" : "N");
            Set(image, "ifd3-GPSLatitude", Degrees(gps.Latitude));
            Set(image, "ifd3-GPSLongitudeRef", gps.Longitude < 0 ? "W" : "E");
            Set(image, "ifd3-GPSLongitude", Degrees(gps.Longitude));
        }

        image.Set(GValue.GIntType, "orientation", Orientation);
    }

    private static void Set(MutableImage image, string name, string? value)
    {
        if (value is not null)
        {
            image.Set(GValue.GStrType, "exif-" + name, value);
        }
    }

    private static string Degrees(double value)
    {
        var seconds = (long)Math.Round(Math.Abs(value) * 3600 * 1000);
        return Invariant($"{seconds / 3_600_000}/1 {seconds / 60_000 % 60}/1 {seconds % 60_000}/1000");
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
