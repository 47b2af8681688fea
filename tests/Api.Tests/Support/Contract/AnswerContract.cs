using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit.Sdk;

namespace Proofsheet.Api.Tests.Support.Contract;

/// <summary>
/// Compares every response that a test gets with the API document: its status, its media type, and its body against the schema. Hence all tests of the API
/// hold the document to what the API does.
/// </summary>
internal sealed class AnswerContract
{
    private const string ProblemType = "application/problem+json";

    // They promise errors by field.
    private static readonly string[] CodesOfFields = ["validation_failed", "unknown_field"];

    private readonly (Regex Path, string Template, JsonObject Operations, JsonNode Document)[] _paths;

    public AnswerContract(params JsonNode[] documents)
    {
        // A path with fewer parameters is the more exact one.
        _paths = [.. documents.SelectMany(document => document["paths"]!.AsObject(), (document, path) =>
            (Pattern(path.Key), path.Key, path.Value!.AsObject(), document)).OrderBy(path => path.Key.Count(c => c == '{'))];
    }

    /// <summary>Null until the first host has started.</summary>
    public static AnswerContract? Current { get; private set; }

    public static async Task ReadAsync(HttpClient http)
    {
        if (Current is null)
        {
            Current = new(JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!, JsonNode.Parse(await http.GetStringAsync("/openapi/internal.json"))!);
        }
    }

    /// <exception cref="XunitException">The response is not one that the document describes.</exception>
    public void Check(HttpMethod method, string path, int status, string? mediaType, byte[] body)
    {
        // A 500 is never documented, and a test that provokes one says so itself.
        if (status == 500 || Find(method, path) is not { } found)
        {
            return;
        }

        var faults = Faults(found, method == HttpMethod.Head, status, mediaType, body).ToList();
        if (faults.Count > 0)
        {
            throw new XunitException($"{method} {found.Template} answered {status}, and the API document does not describe that: {string.Join("; ", faults)}");
        }
    }

    private (string Template, JsonNode Operation, JsonNode Document)? Find(HttpMethod method, string path)
    {
        foreach (var (pattern, template, operations, document) in _paths)
        {
            // HEAD is described only where it differs from GET.
            var operation = operations[method.Method.ToLowerInvariant()] ?? (method == HttpMethod.Head ? operations["get"] : null);
            if (operation is not null && pattern.IsMatch(path))
            {
                return (template, operation, document);
            }
        }

        return null;
    }

    private static IEnumerable<string> Faults((string Template, JsonNode Operation, JsonNode Document) found, bool isHead, int status, string? mediaType, byte[] body)
    {
        var schemas = new SchemaCheck(found.Document);
        var described = found.Operation["responses"]![$"{status}"];
        if (described is null)
        {
            yield return $"the status ({System.Text.Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 500))})";
            yield break;
        }

        if (isHead || body.Length == 0)
        {
            yield break;
        }

        var content = schemas.Resolve(described)["content"];
        if (content?[mediaType ?? ""] is not { } media)
        {
            yield return $"the media type {mediaType}";
            yield break;
        }

        if (mediaType!.EndsWith("json", StringComparison.Ordinal) && media["schema"] is { } schema)
        {
            var value = JsonNode.Parse(body);
            foreach (var fault in schemas.Faults(schema, value, "").Concat(mediaType == ProblemType ? FieldFaults(schemas, found.Operation, value!) : []))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> FieldFaults(SchemaCheck schemas, JsonNode operation, JsonNode problem)
    {
        var errors = problem["errors"]?.AsObject();
        if (CodesOfFields.Contains(problem["code"]?.GetValue<string>()) && errors is not { Count: > 0 })
        {
            yield return $"{problem["code"]} without errors ({problem["detail"]})";
        }

        // An unknown field is not in the request, as its name says.
        if (errors is null || problem["code"]!.GetValue<string>() == "unknown_field")
        {
            yield break;
        }

        var parameters = (operation["parameters"]?.AsArray() ?? []).Select(p => p!["name"]!.GetValue<string>()).ToList();
        var bodies = (operation["requestBody"]?["content"]?.AsObject() ?? []).Select(c => c.Value!["schema"]!).ToList();
        foreach (var (field, _) in errors)
        {
            if (!parameters.Contains(field) && !bodies.Any(schema => schemas.HasField(schema, field)))
            {
                yield return $"errors for '{field}', which is no field of the request";
            }
        }
    }

    private static Regex Pattern(string template) =>
        new($"^{Regex.Replace(Regex.Escape(template), @"\\\{[^}]+\}", "[^/]+")}$", RegexOptions.CultureInvariant);
}
