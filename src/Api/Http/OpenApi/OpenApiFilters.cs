using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>What all operations have in common: security, the errors of authentication and authorization, and the shared headers.</summary>
internal sealed class OperationConventions : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<ScopeRequirement>().LastOrDefault() is { } scopes)
        {
            operation.Security = [.. SecurityRequirements.Of(scopes, context.Document)];
            // OpenAPI 3.0 has no scopes for bearer keys, so they are given in an extension and in the description.
            operation.AddExtension("x-scopes", new JsonNodeExtension(new JsonArray([.. scopes.AnyOf.Select(s => (JsonNode)s)])));
            operation.Description = $"{operation.Description}\n\nScope: {string.Join(" or ", scopes.AnyOf.Select(s => $"`{s}`"))}.".Trim();
        }
        else
        {
            operation.Security = [];
        }

        DescribePaging(operation);
        NameOneTypeOfPatch(operation);
        var method = context.ApiDescription.HttpMethod;
        if (TakesIdempotencyKey(operation, method))
        {
            AddHeader(operation, "Idempotency-Key", "A unique value of 1 to 128 visible ASCII characters; at least 20 random ones with a publishable key. Sending the same request again with the same key returns the first answer, for 24 hours.", 128);
        }

        if (metadata.OfType<TakesIfMatch>().Any())
        {
            AddHeader(operation, "If-Match", "The ETag your change was made on; another version answers 412.", 64);
        }
    }

    /// <summary>Without a credential (signed events of other servers) there is no caller to own a key; those events carry their own ids.</summary>
    public static bool TakesIdempotencyKey(OpenApiOperation operation, string? method) => method == "POST" && operation.Security is { Count: > 0 };

    private static void DescribePaging(OpenApiOperation operation)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Query))
        {
            if (parameter.Name == "cursor")
            {
                parameter.Description ??= "The nextCursor of the previous page; omit it for the first page.";
            }
            else if (parameter.Name == "limit")
            {
                parameter.Description ??= $"Items per page: 1 to {Limits.MaxPage}, {Limits.DefaultPage} by default.";
                if (parameter.Schema is OpenApiSchema schema)
                {
                    (schema.Minimum, schema.Maximum) = ("1", Limits.MaxPage.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }
            }
        }
    }

    /// <summary>application/json is accepted too, but given two types a generator may pick either; the correct type is the one to send.</summary>
    private static void NameOneTypeOfPatch(OpenApiOperation operation)
    {
        if (operation.RequestBody?.Content is { } content && content.ContainsKey("application/merge-patch+json"))
        {
            content.Remove("application/json");
        }
    }

    private static void AddHeader(OpenApiOperation operation, string name, string description, int maxLength)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Required = false,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength },
        });
    }
}

/// <summary>Enums are spelled in snake_case, as the JSON has them.</summary>
internal sealed class EnumSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema concrete && context.Type.IsEnum)
        {
            concrete.Type = JsonSchemaType.String;
            concrete.Format = null;
            concrete.Enum = [.. Enum.GetNames(context.Type).Select(n => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(n))];
        }
    }
}

/// <summary>The summary of Id&lt;T&gt; is meant for our own developers; repeated under every id of the document it would be noise.</summary>
internal sealed class IdSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        var type = Nullable.GetUnderlyingType(context.Type) ?? context.Type;
        if (schema is OpenApiSchema concrete && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>)
            && concrete.Description?.StartsWith("An opaque, sortable identifier", StringComparison.Ordinal) == true)
        {
            concrete.Description = null;
        }
    }
}

/// <summary>A <see cref="Choice{T}"/> in a query is documented as its enum; the framework would describe it as plain text.</summary>
internal sealed class ChoiceParameters : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        // A separate parameter, or a property of an [AsParameters] record.
        var type = context.ParameterInfo?.ParameterType ?? context.PropertyInfo?.PropertyType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        if (parameter is OpenApiParameter concrete && type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(Choice<>))
        {
            concrete.Schema = context.SchemaGenerator.GenerateSchema(type.GetGenericArguments()[0], context.SchemaRepository);
        }
    }
}

/// <summary>Adds the fields that our problem details always have.</summary>
internal sealed class ProblemSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema concrete || context.Type != typeof(ProblemDetails))
        {
            return;
        }

        concrete.AdditionalPropertiesAllowed = true;
        concrete.AdditionalProperties = null;
        concrete.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri", Description = "An identifier of the kind of problem; it ends with the code." },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What the status means." },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The status of the response." },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong and what to do, for people." },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A stable code in snake_case; docs/errors.md lists all of them." },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Include it when you report a problem." },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Messages by field, with the names and places of the request, such as `items[0].quantity`. Present if fields are at fault: always with "
                    + "`validation_failed` and `unknown_field`, with `malformed_json` if a field has the wrong type, and with 422 if a rule refuses one field.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        };
        concrete.Required = new HashSet<string> { "code", "detail", "status", "title", "traceId", "type" };
    }
}
