using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Selections;

namespace Proofsheet.Api.Exports;

/// <summary>An export's metadata of its photos: as JSON for programs, as CSV for spreadsheets.</summary>
internal static class ExportMetadata
{
    public const int Version = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // This is a separate file, never part of an HTML page, so names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly string[] Columns =
    [
        "photoId", "path", "fileName", "section", "title", "caption", "altText", "hidden", "takenAt", "uploadedAt", "camera", "lens", "exposureTime", "aperture", "iso", "focalLengthMm",
        "latitude", "longitude", "altitudeMeters", "keywords", "rating", "creator", "copyright", "width", "height", "contentType", "bytes", "sha256", "picks",
    ];

    public static Task WriteJsonAsync(Stream to, ExportContent content, DateTimeOffset now, CancellationToken cancellation)
    {
        var titles = Titles(content);
        return JsonSerializer.SerializeAsync(
            to,
            new
            {
                version = Version,
                exportedAt = Time(now),
                gallery = new { id = content.Gallery.Id.ToString(), content.Gallery.Title, content.Gallery.Slug, content.Gallery.Description, content.Gallery.EventDate },
                sections = content.Sections.Select(s => new { id = s.Id.ToString(), s.Title, s.Description }),
                photos = content.Photos.Select(p => Photo(p, titles)),
                selections = content.Selections.Select(Selection),
            },
            Json,
            cancellation);
    }

    /// <summary>
    /// RFC 4180 with a byte order mark: this file is for spreadsheets, and Excel reads a CSV without one in a local code page, which breaks every
    /// name outside ASCII. Programs read the JSON.
    /// </summary>
    public static async Task WriteCsvAsync(Stream to, ExportContent content, CancellationToken cancellation)
    {
        await using var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(string.Join(',', Columns).AsMemory(), cancellation);
        var titles = Titles(content);
        foreach (var photo in content.Photos)
        {
            await writer.WriteLineAsync(string.Join(',', Cells(photo, titles)).AsMemory(), cancellation);
        }
    }

    // Text that people wrote goes through Cell; our own numbers do not, because a latitude may start with a minus.
    private static IEnumerable<string> Cells(ExportedPhoto p, Dictionary<Shared.Ids.Id<Section>, string> titles) =>
    [
        p.Id.ToString(), Text(p.Path), Text(p.FileName), Text(SectionOf(p, titles)), Text(p.Title), Text(p.Caption), Text(p.AltText), p.Hidden ? "true" : "false", Time(p.TakenAt) ?? "", Time(p.CreatedAt)!,
        Text(p.Details.Camera), Text(p.Details.Lens), PhotoMapper.ExposureTime(p.Details.ExposureSeconds) ?? "", Number(p.Details.Aperture), Number(p.Details.Iso), Number(p.Details.FocalLength),
        Number(p.Location?.Latitude), Number(p.Location?.Longitude), Number(p.Location?.AltitudeMeters), Text(string.Join("; ", p.Details.Keywords)), Number(p.Details.Rating),
        Text(p.Details.Creator), Text(p.Details.Copyright), Number(p.Width), Number(p.Height), p.ContentType, Number(p.Bytes), p.Sha256, Number(p.Picks),
    ];

    private static object Photo(ExportedPhoto p, Dictionary<Shared.Ids.Id<Section>, string> titles) => new
    {
        id = p.Id.ToString(),
        p.Path,
        missing = p.Path is null,
        p.FileName,
        sectionId = p.SectionId?.ToString(),
        section = SectionOf(p, titles),
        p.Title,
        p.Caption,
        p.AltText,
        p.Hidden,
        takenAt = Time(p.TakenAt),
        uploadedAt = Time(p.CreatedAt),
        p.Width,
        p.Height,
        p.ContentType,
        p.Bytes,
        p.Sha256,
        metadata = p.Details,
        gps = p.Location is { } place ? new { place.Latitude, place.Longitude, place.AltitudeMeters } : null,
        p.Picks,
    };

    private static object Selection(ExportedSelection s) => new
    {
        id = s.Id.ToString(),
        s.Name,
        s.Note,
        s.Status,
        visitor = new { name = s.VisitorName, email = s.VisitorEmail },
        submittedAt = Time(s.SubmittedAt),
        picks = s.Picks.Select(p => new { photoId = p.PhotoId.ToString(), p.Note, pickedAt = Time(p.PickedAt) }),
    };

    private static Dictionary<Shared.Ids.Id<Section>, string> Titles(ExportContent content) => content.Sections.ToDictionary(s => s.Id, s => s.Title);

    private static string? SectionOf(ExportedPhoto photo, Dictionary<Shared.Ids.Id<Section>, string> titles) => photo.SectionId is { } id ? titles.GetValueOrDefault(id) : null;

    private static string Text(string? text) => ExportSelection.Cell(text ?? "");

    private static string Number(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    private static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
