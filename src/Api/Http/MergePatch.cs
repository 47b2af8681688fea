using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Proofsheet.Api.Http;

/// <summary>
/// A JSON merge patch (RFC 7396) of <typeparamref name="T"/>, the record of what can be changed. A handler passes the
/// current values and gets the patched record, not yet validated: absent fields keep their value, null clears one.
/// </summary>
public sealed class MergePatch<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private readonly JsonObject _patch;
    private readonly JsonSerializerOptions _json;

    private MergePatch(JsonObject patch, JsonSerializerOptions json) => (_patch, _json) = (patch, json);

    /// <exception cref="ProblemException">400 malformed_json, unknown_field or validation_failed.</exception>
    public T ApplyTo(T present)
    {
        var target = JsonSerializer.SerializeToNode(present, _json)!.AsObject();
        foreach (var (name, _) in _patch)
        {
            if (!target.ContainsKey(name))
            {
                throw JsonProblems.UnknownField(name[..Math.Min(name.Length, 64)]);
            }
        }

        Merge(target, _patch);
        try
        {
            var patched = target.Deserialize<T>(_json)!;
            var errors = Validation.Errors(patched);
            return errors.Count == 0 ? patched : throw new ProblemException(Problems.Invalid(errors).ProblemDetails);
        }
        catch (JsonException e)
        {
            throw JsonProblems.Of(e);
        }
    }

    public static async ValueTask<MergePatch<T>> BindAsync(HttpContext http)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (type is not ("application/merge-patch+json" or "application/json"))
        {
            throw new ProblemException(415, "unsupported_media_type", "Send `application/merge-patch+json`.");
        }

        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            var node = await JsonNode.ParseAsync(http.Request.Body, documentOptions: new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false }, cancellationToken: http.RequestAborted);
            return node is JsonObject patch
                ? new MergePatch<T>(patch, json)
                : throw new ProblemException(400, "malformed_json", "The body is not a JSON object.");
        }
        catch (JsonException)
        {
            throw new ProblemException(400, "malformed_json", "The body is not well-formed JSON.");
        }
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(System.Reflection.ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/merge-patch+json", "application/json"], typeof(T)));

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch.ToList())
        {
            if (value is JsonObject inner && target[name] is JsonObject present)
            {
                Merge(present, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
