using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal enum ExportFormat
{
    Txt,
    Csv,
}

internal enum ExportExtension
{
    Keep,
    None,
}

internal enum ExportSeparator
{
    Line,
    Space,
}

internal static class ExportSelection
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",'\r\n\t");

    public static void MapExportSelection(this IEndpointRouteBuilder routes) => routes
        .MapGet("/selections/{selectionId}/export", HandleAsync)
        .WithName("ExportSelection")
        .WithTags("Selections")
        .WithSummary("Export the file names of a selection")
        .WithDescription("Lists the file names in the gallery's order. As TXT, one name per line, or separated by spaces for Lightroom's search. As CSV, with notes "
            + "and times, safe to open in a spreadsheet.")
        .Produces<Stream>(StatusCodes.Status200OK, "text/plain", "text/csv")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        Id<Selection> selectionId, HttpContext http, Caller caller, ProofsheetDb db, Choice<ExportFormat>? format,
        [Description("With none, extensions such as .jpg are removed, to find RAW files of the same name.")] Choice<ExportExtension>? extension,
        [Description("What separates the names of a TXT.")] Choice<ExportSeparator>? separator,
        [Description("For CSV: true starts the file with a byte order mark, by which Excel recognizes UTF-8.")] bool? hasBom, CancellationToken cancellation)
    {
        var selection = await db.FindSelectionAsync(caller, selectionId, cancellation);
        if (selection is null)
        {
            return Problems.NotFound("selection");
        }

        var slug = await db.Set<Gallery>().Where(g => g.Id == selection.GalleryId).Select(g => g.Slug).SingleAsync(cancellation);
        var rows = await db.Set<Pick>().AsNoTracking().Where(p => p.SelectionId == selectionId)
            .Join(db.Set<Photo>().Where(p => p.DeletedAt == null), pick => pick.PhotoId, photo => photo.Id, (pick, photo) => new { photo.CurrentVersion.FileName, photo.Position, pick.PhotoId, pick.Note, pick.PickedAt })
            .OrderBy(r => r.Position).ThenBy(r => r.PhotoId).ToListAsync(cancellation);
        string Named(string file) => OneLine.Of(extension?.Value == ExportExtension.None ? Path.GetFileNameWithoutExtension(file) : file);

        http.Response.Headers.CacheControl = "private, no-store";
        if (format?.Value == ExportFormat.Csv)
        {
            var csv = new StringBuilder("fileName,note,pickedAt,photoId\r\n");
            foreach (var row in rows)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{Cell(Named(row.FileName))},{Cell(row.Note ?? "")},{row.PickedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'},{row.PhotoId}\r\n");
            }

            byte[] mark = hasBom == true ? [.. Encoding.UTF8.Preamble] : [];
            return TypedResults.File([.. mark, .. Encoding.UTF8.GetBytes(csv.ToString())], "text/csv; charset=utf-8", $"{slug}-selection.csv");
        }

        var names = rows.Select(r => Named(r.FileName));
        var text = separator?.Value == ExportSeparator.Space ? string.Join(' ', names) : string.Concat(names.Select(n => n + "\n"));
        return TypedResults.File(Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", $"{slug}-selection.txt");
    }

    /// <summary>RFC 4180. A spreadsheet must not treat a client's text as a formula (OWASP, CSV injection; some also read full-width East Asian signs).</summary>
    internal static string Cell(string text)
    {
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠' ? "'" + text : text;
        return safe.AsSpan().ContainsAny(Quoted) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
