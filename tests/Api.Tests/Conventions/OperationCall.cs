using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>Calls an operation of the document with the IDs of a world and the smallest valid body.</summary>
internal static class OperationCall
{
    public static Task<ApiAnswer> SendAsync(ApiClient client, Operation operation, World target, Action<HttpRequestMessage>? change = null)
    {
        var path = operation.Path;
        foreach (var parameter in operation.PathParameters)
        {
            path = path.Replace($"{{{parameter}}}", target.Ids.TryGetValue(parameter, out var id) ? id : "simulator", StringComparison.Ordinal);
        }

        HttpContent? body = null;
        if (operation.BodySchema(out var mediaType) is { } schema)
        {
            body = mediaType switch
            {
                "multipart/form-data" => Form(),
                not null when mediaType.Contains("json", StringComparison.Ordinal) =>
                    new StringContent((operation.Document.Sample(schema, target.OfPrefix) ?? new JsonObject()).ToJsonString(), Encoding.UTF8, mediaType),
                _ => Binary(mediaType!),
            };
        }

        return client.SendAsync(new HttpMethod(operation.Method), path, body, change);
    }

    private static MultipartFormDataContent Form()
    {
        var file = new ByteArrayContent([1, 2, 3]);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return new MultipartFormDataContent { { file, "files", "x.jpg" } };
    }

    private static ByteArrayContent Binary(string mediaType)
    {
        var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType.Contains('*', StringComparison.Ordinal) ? "image/png" : mediaType);
        return content;
    }
}
