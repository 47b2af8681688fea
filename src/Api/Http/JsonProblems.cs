using System.Text.Json;

namespace Proofsheet.Api.Http;

/// <summary>What is wrong with a body that could not be read as the request's record. If a field is at fault, <c>errors</c> names it.</summary>
internal static class JsonProblems
{
    private const int MaxPathLength = 200;

    public static ProblemException Of(JsonException json)
    {
        var path = json.Path is { Length: > 0 and <= MaxPathLength } known ? known : "$";
        if (json.Message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return UnknownField(path);
        }

        if (json.Message.Contains("missing required", StringComparison.Ordinal))
        {
            return Missing(path, json.Message);
        }

        // The reader's own exception means that this is no JSON at all. Others come from a value that does not fit its field.
        var isJson = json.InnerException is not JsonException;
        return Refused("malformed_json", $"The body is not the JSON expected, at {path}.", isJson && FieldOf(path) is { Length: > 0 } field ? [field] : [], "It has the wrong type.");
    }

    public static ProblemException UnknownField(string path)
    {
        var message = RenamedNames.Unknown(path);
        return Refused("unknown_field", message, [FieldOf(path)], message);
    }

    private static ProblemException Missing(string path, string message)
    {
        // As in "…was missing required properties including: 'title', 'currency'.", behind the name of our type.
        var within = FieldOf(path) is { Length: > 0 } field ? $"{field}." : "";
        var missing = message.Split('\'').Where((_, i) => i % 2 == 1).Skip(1).Select(name => within + name).ToList();
        var names = string.Join(", ", missing);
        return Refused("validation_failed", $"Required fields are missing: {names}.", missing, "It is required.");
    }

    private static ProblemException Refused(string code, string detail, List<string> fields, string message) => new(Problems.Details(
        400, code, detail, fields.Count == 0 ? null : new Dictionary<string, object?> { ["errors"] = fields.ToDictionary(field => field, _ => (string[])[message]) }));

    /// <summary>Turns <c>$.items[0].quantity</c> into <c>items[0].quantity</c>.</summary>
    private static string FieldOf(string path) => path.TrimStart('$').TrimStart('.');
}
