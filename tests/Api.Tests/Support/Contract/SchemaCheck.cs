using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Proofsheet.Api.Tests.Support.Contract;

/// <summary>Checks JSON against schemas of OpenAPI 3.0, as far as our document uses them. A field that the schema does not name is a fault too.</summary>
internal sealed class SchemaCheck(JsonNode document)
{
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public JsonNode Resolve(JsonNode node)
    {
        while (node["$ref"] is { } reference)
        {
            node = reference.GetValue<string>().Split('/').Skip(1).Aggregate(document, (at, part) => at[part]!);
        }

        return node;
    }

    public IEnumerable<string> Faults(JsonNode schema, JsonNode? value, string at)
    {
        schema = Resolve(schema);
        if (value is null)
        {
            return IsNullable(schema) ? [] : [$"{at} is null"];
        }

        var own = value switch
        {
            JsonObject sent => ObjectFaults(schema, sent, at),
            JsonArray list => ArrayFaults(schema, list, at),
            _ => ValueFaults(schema, value.AsValue(), at),
        };
        return value is JsonObject ? own : own.Concat(Parts(schema).SelectMany(part => Faults(part, value, at)));
    }

    /// <summary>Whether a request of this schema can have the field, such as <c>items[0].quantity</c>.</summary>
    public bool HasField(JsonNode schema, string field)
    {
        var at = schema;
        foreach (var part in field.Split('.'))
        {
            var name = part.Split('[')[0];
            var (properties, _, rest) = Shape(at);
            if (properties.GetValueOrDefault(name) is { } property)
            {
                at = property;
            }
            else if (rest is not null)
            {
                at = rest;
            }
            else
            {
                return false;
            }

            for (var lists = part.Count(c => c == '['); lists > 0; lists--)
            {
                if (Resolve(at)["items"] is not { } items)
                {
                    return false;
                }

                at = items;
            }
        }

        return true;
    }

    private IEnumerable<string> ObjectFaults(JsonNode schema, JsonObject value, string at)
    {
        if (TypeOf(schema) is { } type && type != "object")
        {
            yield return $"{at} is an object, not {type}";
            yield break;
        }

        var (properties, required, rest) = Shape(schema);
        foreach (var missing in required.Where(name => !value.ContainsKey(name)))
        {
            yield return $"{at}.{missing} is missing";
        }

        foreach (var (name, inner) in value)
        {
            if ((properties.GetValueOrDefault(name) ?? rest) is { } known)
            {
                foreach (var fault in Faults(known, inner, $"{at}.{name}"))
                {
                    yield return fault;
                }
            }
            // RFC 9457 lets problems have members of their own.
            else if (properties.Count > 0 && !properties.ContainsKey("traceId"))
            {
                yield return $"{at}.{name} is not described";
            }
        }
    }

    private IEnumerable<string> ArrayFaults(JsonNode schema, JsonArray value, string at)
    {
        if (TypeOf(schema) is { } type && type != "array")
        {
            return [$"{at} is a list, not {type}"];
        }

        return schema["items"] is { } items ? value.SelectMany((item, i) => Faults(items, item, $"{at}[{i}]")) : [];
    }

    private static IEnumerable<string> ValueFaults(JsonNode schema, JsonValue value, string at)
    {
        var kind = value.GetValueKind();
        var fits = schema["type"]?.GetValue<string>() switch
        {
            null => true,
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "integer" => kind == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "number" => kind == JsonValueKind.Number,
            _ => false,
        };
        if (!fits)
        {
            return [$"{at} is {value.ToJsonString()}, not {schema["type"]}"];
        }

        return kind == JsonValueKind.String ? TextFaults(schema, value.GetValue<string>(), at) : [];
    }

    private static IEnumerable<string> TextFaults(JsonNode schema, string text, string at)
    {
        if (schema["enum"] is JsonArray values && !values.Any(v => v!.GetValue<string>() == text))
        {
            yield return $"{at} is '{text}', not one of its values";
        }

        if (schema["pattern"]?.GetValue<string>() is { } pattern && !Patterns.GetOrAdd(pattern, p => new Regex(p, RegexOptions.CultureInvariant)).IsMatch(text))
        {
            yield return $"{at} is '{text}', which does not match {pattern}";
        }

        if (schema["format"]?.GetValue<string>() == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            yield return $"{at} is '{text}', not a time";
        }
    }

    private string? TypeOf(JsonNode schema) => schema["type"]?.GetValue<string>() ?? Parts(schema).Select(part => TypeOf(Resolve(part))).FirstOrDefault(type => type is not null);

    private bool IsNullable(JsonNode schema) =>
        schema["nullable"]?.GetValue<bool>() == true || (schema["type"] is null && schema["enum"] is null && schema["allOf"] is null && schema["oneOf"] is null);

    private static IEnumerable<JsonNode> Parts(JsonNode schema) => (schema["allOf"]?.AsArray() ?? []).Select(part => part!);

    /// <summary>The properties of an object with those that it has from others, and the schema of properties that are not named.</summary>
    private (Dictionary<string, JsonNode> Properties, HashSet<string> Required, JsonNode? Others) Shape(JsonNode schema)
    {
        schema = Resolve(schema);
        var properties = (schema["properties"]?.AsObject() ?? []).ToDictionary(p => p.Key, p => p.Value!, StringComparer.Ordinal);
        var required = (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        var rest = schema["additionalProperties"] as JsonObject;
        foreach (var part in Parts(schema))
        {
            var (more, needed, others) = Shape(part);
            required.UnionWith(needed);
            rest ??= others as JsonObject;
            foreach (var (name, property) in more)
            {
                properties.TryAdd(name, property);
            }
        }

        return (properties, required, rest);
    }
}
