using System.Text.Json.Nodes;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>The public and internal documents merged, for the tests below.</summary>
internal sealed class OpenApiDocument(JsonNode root)
{
    public static async Task<OpenApiDocument> ReadAsync(ApiHost api) => new(Merge(
        (await api.Client(null).GetAsync("/openapi/v1.json")).ShouldBe(200).Body!,
        (await api.Client(null).GetAsync("/openapi/internal.json")).ShouldBe(200).Body!));

    /// <summary>The first document plus the paths and schemas that only the second one has.</summary>
    public static JsonNode Merge(JsonNode document, JsonNode other)
    {
        foreach (var (path, operations) in other["paths"]!.AsObject())
        {
            if (!document["paths"]!.AsObject().TryAdd(path, operations!.DeepClone()))
            {
                throw new InvalidOperationException($"{path} is in both documents.");
            }
        }

        foreach (var kind in (string[])["schemas", "responses", "headers"])
        {
            foreach (var (name, part) in other["components"]![kind]!.AsObject())
            {
                document["components"]![kind]!.AsObject().TryAdd(name, part!.DeepClone());
            }
        }

        return document;
    }

    public JsonNode Root => root;

    public IEnumerable<Operation> Operations =>
        from path in root["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        where method.Key is "get" or "put" or "post" or "patch" or "delete" or "head"
        select new Operation(this, path.Key, method.Key.ToUpperInvariant(), method.Value!);

    public JsonNode Resolve(JsonNode schema)
    {
        while (schema["$ref"] is { } reference)
        {
            schema = reference.GetValue<string>().Split('/').Skip(1).Aggregate(root, (node, part) => node[part]!);
        }

        return schema["allOf"] is JsonArray { Count: 1 } all ? Resolve(all[0]!) : schema;
    }

    /// <summary>The named schemas, with nested ones, that are used in requests or in responses.</summary>
    public IReadOnlyDictionary<string, JsonNode> SchemasOf(bool requests)
    {
        var found = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var operation in Operations)
        {
            Follow(requests ? operation.Node["requestBody"] : operation.Node["responses"]);
            if (requests)
            {
                Follow(operation.Node["parameters"]);
            }
        }

        return found;

        void Follow(JsonNode? node)
        {
            if (node is JsonArray list)
            {
                list.ToList().ForEach(Follow);
            }
            else if (node is JsonObject part)
            {
                if (part["$ref"]?.GetValue<string>().Split('/') is [_, _, var kind, var name] && root["components"]![kind]![name] is { } target && (kind != "schemas" || found.TryAdd(name, target)))
                {
                    Follow(target);
                }

                part.Select(p => p.Value).ToList().ForEach(Follow);
            }
        }
    }

    /// <summary>The smallest valid value of a schema. IDs are taken from the given ones, by the prefix in the pattern.</summary>
    public JsonNode? Sample(JsonNode schema, Func<string, string?> idOfPrefix, string name = "")
    {
        schema = Resolve(schema);
        if (schema["enum"] is JsonArray values)
        {
            return values[0]!.DeepClone();
        }

        switch (schema["type"]?.GetValue<string>())
        {
            case "object":
                var made = new JsonObject();
                foreach (var required in schema["required"]?.AsArray() ?? [])
                {
                    var property = required!.GetValue<string>();
                    made[property] = Sample(schema["properties"]![property]!, idOfPrefix, property);
                }

                return made;
            case "array":
                return new JsonArray(Enumerable.Range(0, schema["minItems"]?.GetValue<int>() ?? 1).Select(_ => Sample(schema["items"]!, idOfPrefix, name)).ToArray());
            case "integer" or "number":
                return Math.Max(1, (long)Math.Ceiling(schema["minimum"]?.GetValue<double>() ?? 1));
            case "boolean":
                return true;
            default:
                return SampleText(schema, idOfPrefix, name);
        }
    }

    private static JsonValue SampleText(JsonNode schema, Func<string, string?> idOfPrefix, string name)
    {
        var pattern = schema["pattern"]?.GetValue<string>() ?? "";
        if (pattern.Length > 5 && pattern[0] == '^' && pattern[4] == '_' && idOfPrefix(pattern[1..4]) is { } id)
        {
            return JsonValue.Create(id);
        }

        var text = (schema["format"]?.GetValue<string>(), name.ToLowerInvariant()) switch
        {
            ("date-time", _) => "2031-05-01T10:00:00.000Z",
            ("date", _) => "2031-05-01",
            (_, "slug") => "a-slug-of-a-test",
            (_, "currency") => "USD",
            (_, "pin") => "135790",
            (_, "email") => "somebody@example.com",
            (_, "country") => "US",
            (_, "timezone") => "Etc/UTC",
            (_, var n) when n.EndsWith("color", StringComparison.Ordinal) => "#112233",
            _ => "text",
        };
        var shortest = schema["minLength"]?.GetValue<int>() ?? 0;
        return JsonValue.Create(text.PadRight(shortest, 'x'));
    }
}

internal sealed record Operation(OpenApiDocument Document, string Path, string Method, JsonNode Node)
{
    public string Id => Node["operationId"]?.GetValue<string>() ?? "";

    public IReadOnlyList<string> Scopes => [.. (Node["x-scopes"]?.AsArray() ?? []).Select(s => s!.GetValue<string>())];

    public IEnumerable<string> PathParameters =>
        (Node["parameters"]?.AsArray() ?? []).Where(p => p!["in"]!.GetValue<string>() == "path").Select(p => p!["name"]!.GetValue<string>());

    public IReadOnlyList<string> Headers =>
        [.. (Node["parameters"]?.AsArray() ?? []).Where(p => p!["in"]!.GetValue<string>() == "header").Select(p => p!["name"]!.GetValue<string>())];

    public IEnumerable<string> Answers => Node["responses"]!.AsObject().Select(r => r.Key);

    public JsonNode? BodySchema(out string? mediaType)
    {
        var content = Node["requestBody"]?["content"]?.AsObject().FirstOrDefault();
        mediaType = content?.Key;
        return content?.Value?["schema"];
    }

    public override string ToString() => $"{Method} {Path}";
}
