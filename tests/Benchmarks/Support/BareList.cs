using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace Proofsheet.Benchmarks.Support;

/// <summary>The least that a list of photos costs: one statement on the product's database, and the same JSON. Nothing is checked, and no URL is signed.</summary>
internal static class BareList
{
    private const string Sql = """
        SELECT p.id, p.gallery_id, p.section_id, p.title, p.caption, p.alt_text, 0, p.position, p.is_hidden, p.blur_hash, p.colors, p.taken_at, p.details,
               p.rendition_version, p.renditions, p.created_at, p.updated_at, v.number, v.file_name, v.width, v.height, v.created_at
        FROM photos p JOIN photo_versions v ON v.tenant_id = p.tenant_id AND v.photo_id = p.id AND v.number = p.current_version_number
        WHERE p.gallery_id = $gallery AND p.status = 'Ready' AND p.is_hidden = 0 AND p.deleted_at IS NULL AND p.purged_at IS NULL
        ORDER BY p.position, p.id LIMIT 51
        """;

    // As long as a signed URL's path, expiry and signature.
    private static readonly string Rest = "/v1/pictures/" + new string('x', 100);

    public static async Task WriteAsync(HttpContext http, string database, string gallery)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.Parameters.AddWithValue("$gallery", gallery);
        await using var row = await command.ExecuteReaderAsync();
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("data");
        for (var number = 0; number < 50 && await row.ReadAsync(); number++)
        {
            Write(json, row, $"http://{http.Request.Host}{Rest}");
        }

        json.WriteEndArray();
        json.WriteString("nextCursor", new string('x', 180));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SqliteDataReader row, string url)
    {
        json.WriteStartObject();
        json.WriteString("id", "pho_" + row.GetString(0));
        json.WriteString("galleryId", "gal_" + row.GetString(1));
        Text("sectionId", 2);
        json.WriteStartObject("currentVersion");
        json.WriteNumber("number", row.GetInt32(17));
        json.WriteString("fileName", row.GetString(18));
        json.WriteNumber("width", row.GetInt32(19));
        json.WriteNumber("height", row.GetInt32(20));
        json.WriteNull("contentType");
        json.WriteNull("bytes");
        json.WriteNull("sha256");
        Time("createdAt", 21);
        json.WriteEndObject();
        Text("title", 3);
        Text("caption", 4);
        Text("altText", 5);
        json.WriteString("status", "ready");
        json.WriteNull("failure");
        json.WriteNumber("position", row.GetInt64(7));
        json.WriteBoolean("isHidden", row.GetBoolean(8));
        Text("placeholder", 9);
        json.WritePropertyName("colors");
        json.WriteRawValue(row.GetString(10));
        json.WriteNull("signals");
        Time("takenAt", 11);
        json.WritePropertyName("exif");
        json.WriteRawValue(row.GetString(12));
        json.WriteStartObject("urls");
        foreach (var name in (ReadOnlySpan<string>)["thumbnail", "preview", "large"])
        {
            json.WriteString(name, url);
        }

        json.WriteEndObject();
        json.WriteStartArray("srcset");
        using (var renditions = JsonDocument.Parse(row.GetString(14)))
        {
            foreach (var rendition in renditions.RootElement.EnumerateArray())
            {
                json.WriteStartObject();
                json.WriteNumber("width", rendition.GetProperty("width").GetInt32());
                json.WriteString("url", url);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteNull("metadata");
        Time("createdAt", 15);
        Time("updatedAt", 16);
        json.WriteNull("deletedAt");
        json.WriteEndObject();

        void Text(string name, int column)
        {
            if (row.IsDBNull(column))
            {
                json.WriteNull(name);
            }
            else
            {
                json.WriteString(name, row.GetString(column));
            }
        }

        void Time(string name, int column)
        {
            if (row.IsDBNull(column))
            {
                json.WriteNull(name);
            }
            else
            {
                json.WriteString(name, row.GetDateTime(column).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            }
        }
    }
}
