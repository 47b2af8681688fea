using System.Globalization;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Iptc;
using MetadataExtractor.Formats.Xmp;
using MetadataExtractor.IO;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;
using XmpCore;
using Directory = MetadataExtractor.Directory;

namespace Proofsheet.Api.Imaging.Metadata;

/// <summary>Reads EXIF, IPTC and XMP. Where they overlap, XMP (which an editor wrote last) takes precedence over IPTC, and IPTC over EXIF.</summary>
internal static class PhotoMetadataReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private const int TagOffsetTimeOriginal = 0x9011;
    private const int TagOffsetTime = 0x9010;

    private const string Dublin = "http://purl.org/dc/elements/1.1/";
    private const string Xmp = "http://ns.adobe.com/xap/1.0/";
    private const string Auxiliary = "http://ns.adobe.com/exif/1.0/aux/";
    private const string Exif = "http://ns.adobe.com/exif/1.0/";
    private const string Photoshop = "http://ns.adobe.com/photoshop/1.0/";

    public static PhotoMetadata Read(string path)
    {
        // On a separate thread, because a parser that a malicious file sends into a loop must not block the caller.
        PhotoMetadata? read = null;
        var reader = new Thread(() => read = TryRead(path), maxStackSize: 4 * 1024 * 1024) { IsBackground = true, Name = "photo metadata" };
        reader.Start();
        return reader.Join(Limit) && read is not null ? read : PhotoMetadata.Empty;
    }

    private static PhotoMetadata TryRead(string path)
    {
        try
        {
            var kind = ImageSniffer.Sniff(path);
            return kind.Format switch
            {
                ImageFormat.Avif => From(ReadAvif(path)),
                ImageFormat.Heic when HeifPicture.CanDecode => From(ReadHeic(path)),
                ImageFormat.Raw => ReadRaw(kind, path),
                _ => From(ImageMetadataReader.ReadMetadata(path)),
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library throws many kinds of exceptions for broken files, and none says more than "not readable".
            return PhotoMetadata.Empty;
        }
    }

    /// <summary>1 to 8, from the first directory of a camera's file; 1 if it is missing.</summary>
    public static int ReadOrientation(string path)
    {
        try
        {
            var main = ImageMetadataReader.ReadMetadata(path).OfType<ExifIfd0Directory>().FirstOrDefault();
            return main is not null && main.TryGetInt32(ExifDirectoryBase.TagOrientation, out var orientation) && orientation is >= 1 and <= 8 ? orientation : 1;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return 1;
        }
    }

    private static PhotoMetadata ReadRaw(SniffedFormat kind, string path)
    {
        PhotoMetadata read;
        try
        {
            read = From(ImageMetadataReader.ReadMetadata(path));
        }
        catch (Exception e) when (e is ImageProcessingException or IOException)
        {
            read = PhotoMetadata.Empty;
        }

        // CR3 and other formats that the metadata library does not support.
        return read.Camera is null && RawPreview.CanRead ? RawPreview.Metadata(kind, path) ?? read : read;
    }

    // The metadata library does not support AVIF, nor every HEIC; the decoders return the two blocks unchanged.
    private static List<Directory> ReadAvif(string path)
    {
        using var header = ImageLoader.OpenHeader(ImageFormat.Avif, path);
        return Blocks(header.GetBlob("exif-data"), header.GetBlob("xmp-data"));
    }

    private static List<Directory> ReadHeic(string path)
    {
        using var picture = HeifPicture.Open(path, ImageLimits.Default.MaxPixels);
        return Blocks(picture.Metadata("Exif") is { } exif ? exif[HeifPicture.ExifStart(exif)..] : null, picture.Metadata("mime"));
    }

    private static List<Directory> Blocks(byte[]? exif, byte[]? xmp)
    {
        var found = new List<Directory>();
        if (exif is { Length: > ExifPrefixLength })
        {
            // Some cameras omit the prefix.
            var start = exif.AsSpan().StartsWith("Exif"u8) ? ExifPrefixLength : 0;
            found.AddRange(new ExifReader().Extract(new ByteArrayReader(exif, start)));
        }

        if (xmp is not null)
        {
            found.Add(new XmpReader().Extract(xmp));
        }

        return found;
    }

    private const int ExifPrefixLength = 6;

    private static PhotoMetadata From(IReadOnlyList<Directory> directories)
    {
        var main = directories.OfType<ExifIfd0Directory>().ToList();
        var sub = directories.OfType<ExifSubIfdDirectory>().ToList();
        var iptc = directories.OfType<IptcDirectory>().FirstOrDefault();
        var xmp = directories.OfType<XmpDirectory>().Select(x => x.XmpMeta).FirstOrDefault(x => x is not null);
        var make = MetadataText.Line(First(main, ExifDirectoryBase.TagMake), PhotoMetadata.MaxNameLength);
        var model = MetadataText.Line(First(main, ExifDirectoryBase.TagModel), PhotoMetadata.MaxNameLength);
        return new PhotoMetadata
        {
            CameraMake = make,
            CameraModel = model,
            Camera = Camera(make, model),
            Lens = Text(MetadataText.Line, PhotoMetadata.MaxNameLength, First(sub, ExifDirectoryBase.TagLensModel), Property(xmp, Auxiliary, "Lens")),
            ExposureSeconds = Number(sub, ExifDirectoryBase.TagExposureTime, max: 24 * 3600) ?? ByApex(Number(sub, ExifDirectoryBase.TagShutterSpeed, -20, 40)),
            FNumber = Number(sub, ExifDirectoryBase.TagFNumber, max: 1000),
            Iso = (int?)Number(sub, ExifDirectoryBase.TagIsoEquivalent, max: 100_000_000),
            FocalLengthMillimeters = Number(sub, ExifDirectoryBase.TagFocalLength, max: 100_000),
            // Not EXIF's DateTime, in which editors write the time of saving.
            TakenAtLocal = MetadataText.Date(First(sub, ExifDirectoryBase.TagDateTimeOriginal))
                ?? MetadataText.Date(First(sub, ExifDirectoryBase.TagDateTimeDigitized))
                ?? MetadataText.Date(Property(xmp, Exif, "DateTimeOriginal")),
            TakenAtOffset = MetadataText.Offset(First(sub, TagOffsetTimeOriginal)) ?? MetadataText.Offset(First(sub, TagOffsetTime)),
            Title = Text(MetadataText.Line, PhotoMetadata.MaxTitleLength, Localized(xmp, "title"), First(iptc, IptcDirectory.TagObjectName), Property(xmp, Photoshop, "Headline"), First(iptc, IptcDirectory.TagHeadline)),
            Caption = Text(MetadataText.Clean, PhotoMetadata.MaxCaptionLength, Localized(xmp, "description"), First(iptc, IptcDirectory.TagCaption), First(main, ExifDirectoryBase.TagImageDescription)),
            Keywords = Keywords(xmp, iptc),
            Rating = Rating(xmp, main),
            Creator = Text(MetadataText.Line, PhotoMetadata.MaxTitleLength, Item(xmp, "creator"), First(iptc, IptcDirectory.TagByLine), First(main, ExifDirectoryBase.TagArtist)),
            Copyright = Text(MetadataText.Line, PhotoMetadata.MaxTitleLength, Localized(xmp, "rights"), First(iptc, IptcDirectory.TagCopyrightNotice), First(main, ExifDirectoryBase.TagCopyright)),
            Gps = Gps(directories.OfType<GpsDirectory>().FirstOrDefault()),
        };
    }

    /// <summary>See <see cref="PhotoMetadata.Camera"/>.</summary>
    public static string? Camera(string? make, string? model)
    {
        var brand = make?.Split(' ', ',')[0];
        return model is null ? make : brand is null || model.StartsWith(brand, StringComparison.OrdinalIgnoreCase) ? model : $"{make} {model}";
    }

    private static GpsPosition? Gps(GpsDirectory? gps)
    {
        var place = gps?.GetGeoLocation();
        // Zero and zero is a camera without a fix, not a ship off Ghana.
        if (gps is null || place is null || place.IsZero || !double.IsFinite(place.Latitude) || !double.IsFinite(place.Longitude)
            || Math.Abs(place.Latitude) > 90 || Math.Abs(place.Longitude) > 180)
        {
            return null;
        }

        var altitude = gps.TryGetRational(GpsDirectory.TagAltitude, out var meters) && double.IsFinite(meters.ToDouble()) && Math.Abs(meters.ToDouble()) < 100_000
            ? meters.ToDouble() * (gps.TryGetInt32(GpsDirectory.TagAltitudeRef, out var below) && below == 1 ? -1 : 1)
            : (double?)null;
        return new GpsPosition(place.Latitude, place.Longitude, altitude);
    }

    private static List<string> Keywords(IXmpMeta? xmp, IptcDirectory? iptc) =>
    [
        .. Items(xmp, "subject").Concat(iptc?.GetKeywords() ?? [])
            .Select(k => MetadataText.Line(k, PhotoMetadata.MaxKeywordLength)).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(PhotoMetadata.MaxKeywords),
    ];

    private static int? Rating(IXmpMeta? xmp, IEnumerable<Directory> main)
    {
        var stars = double.TryParse(Property(xmp, Xmp, "Rating"), NumberStyles.Float, CultureInfo.InvariantCulture, out var written)
            ? written
            : Number(main, ExifDirectoryBase.TagRating, max: 5);
        return stars is >= 1 and <= 5 ? (int)stars : null;
    }

    private static double? Number(IEnumerable<Directory> directories, int tag, double min = 0, double max = double.MaxValue)
    {
        foreach (var directory in directories)
        {
            // The library rounds fractions to single precision; read as a fraction, 1/250 stays 1/250.
            var value = directory.TryGetRational(tag, out var fraction) ? fraction.ToDouble() : directory.TryGetDouble(tag, out var plain) ? plain : double.NaN;
            if (double.IsFinite(value) && value >= min && value <= max && (value > 0 || min < 0))
            {
                return value;
            }
        }

        return null;
    }

    private static double? ByApex(double? shutter) => shutter is { } apex ? Math.Pow(2, -apex) : null;

    private static string? Text(Func<string?, int, string?> clean, int maxLength, params ReadOnlySpan<string?> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (clean(candidate, maxLength) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private static string? First(IEnumerable<Directory> directories, int tag) =>
        directories.Select(d => d.GetString(tag)).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t));

    private static string? First(Directory? directory, int tag) => directory?.GetString(tag);

    private static string? Property(IXmpMeta? xmp, string space, string name) => Quietly(() => xmp?.GetPropertyString(space, name));

    private static string? Localized(IXmpMeta? xmp, string name) => Quietly(() => xmp?.GetLocalizedText(Dublin, name, null, "x-default")?.Value);

    private static string? Item(IXmpMeta? xmp, string name) => Items(xmp, name).FirstOrDefault();

    private static List<string> Items(IXmpMeta? xmp, string name) => Quietly(() =>
    {
        var count = Math.Min(xmp?.CountArrayItems(Dublin, name) ?? 0, 4 * PhotoMetadata.MaxKeywords);
        return Enumerable.Range(1, count).Select(i => xmp!.GetArrayItem(Dublin, name, i)?.Value).OfType<string>().ToList();
    }) ?? [];

    // A property of another type than the schema defines throws, but the other properties are still valid.
    private static T? Quietly<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (XmpException)
        {
            return null;
        }
    }
}
