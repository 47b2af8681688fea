using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>
/// Marks fields as required. In a response all fields are, because the serializer also writes nulls; in a request only those
/// that must be sent, so a field with a default is optional. Swashbuckle does not distinguish requests from responses.
/// </summary>
internal sealed class RequiredFields : ISchemaFilter, IDocumentFilter
{
    private readonly ConcurrentDictionary<string, Fields> _fields = new(StringComparer.Ordinal);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        var type = Nullable.GetUnderlyingType(context.Type) ?? context.Type;
        if (context.MemberInfo is null && context.ParameterInfo is null && schema is OpenApiSchema { Properties.Count: > 0 })
        {
            _fields[SchemaNames.Of(type)] = Fields.Of(type);
        }
    }

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        var operations = document.Paths.Values.SelectMany(p => p.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()).ToList();
        var asked = Reach(document, operations.SelectMany(o => o.RequestBody?.Content?.Values.Select(c => c.Schema) ?? []));
        var answered = Reach(document, operations.SelectMany(o => o.Responses?.Values ?? Enumerable.Empty<IOpenApiResponse>())
            .SelectMany(r => r.Content?.Where(c => c.Key != "application/problem+json").Select(c => c.Value.Schema) ?? []));
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (schema is not OpenApiSchema { Properties: { Count: > 0 } properties } concrete || !_fields.TryGetValue(name, out var fields))
            {
                continue;
            }

            var required = asked.Contains(name)
                ? fields.IsPatch ? [] : properties.Keys.Where(fields.MustBeSent.Contains)
                : answered.Contains(name) ? properties.Keys.Where(p => !fields.MayBeAbsent.Contains(p)) : null;
            if (required is not null)
            {
                concrete.Required = required.Order(StringComparer.Ordinal).ToHashSet();
            }
        }
    }

    internal static HashSet<string> Reach(OpenApiDocument document, IEnumerable<IOpenApiSchema?> from)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<IOpenApiSchema?>(from);
        while (waiting.TryPop(out var schema))
        {
            if (schema is OpenApiSchemaReference reference)
            {
                if (reference.Reference.Id is { } id && found.Add(id) && document.Components?.Schemas?.TryGetValue(id, out var named) == true)
                {
                    waiting.Push(named);
                }
            }
            else if (schema is not null)
            {
                IEnumerable<IOpenApiSchema?> inner = [schema.Items, schema.AdditionalProperties, .. schema.Properties?.Values ?? [], .. schema.AllOf ?? [], .. schema.AnyOf ?? [], .. schema.OneOf ?? []];
                foreach (var next in inner)
                {
                    waiting.Push(next);
                }
            }
        }

        return found;
    }

    private sealed record Fields(HashSet<string> MustBeSent, HashSet<string> MayBeAbsent, bool IsPatch)
    {
        public static Fields Of(Type type)
        {
            var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
            var positional = type.GetConstructors().Where(c => c.GetParameters().Length > 0).SelectMany(c => c.GetParameters())
                .Where(p => !p.HasDefaultValue && new NullabilityInfoContext().Create(p).WriteState == NullabilityState.NotNull)
                .Select(p => p.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return new Fields(
                [.. properties.Where(p => p.IsDefined(typeof(RequiredMemberAttribute)) || p.IsDefined(typeof(RequiredAttribute)) || positional.Contains(p.Name)).Select(Name)],
                [.. properties.Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: not JsonIgnoreCondition.Never }).Select(Name)],
                type.Name.StartsWith("Update", StringComparison.Ordinal) && type.Name.EndsWith("Request", StringComparison.Ordinal));
        }

        private static string Name(PropertyInfo property) =>
            property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
    }
}
