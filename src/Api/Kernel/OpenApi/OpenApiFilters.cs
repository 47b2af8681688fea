using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Kernel;

/// <summary>What every operation has without saying so: its security, the errors of the door, and the shared headers.</summary>
internal sealed class OperationConventions : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<ScopeRequirement>().LastOrDefault() is { } scopes)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
            // OpenAPI 3.0 has no scopes for bearer keys, so they are told in an extension and in words.
            operation.AddExtension("x-scopes", new JsonNodeExtension(new JsonArray([.. scopes.AnyOf.Select(s => (JsonNode)s)])));
            operation.Description = $"{operation.Description}\n\nScope: {string.Join(" or ", scopes.AnyOf.Select(s => $"`{s}`"))}.".Trim();
            AddProblem(operation, context, "401", "No valid credential.");
            AddProblem(operation, context, "403", "The credential lacks the scope.");
        }
        else
        {
            operation.Security = [];
        }

        if (!metadata.OfType<NotRateLimited>().Any())
        {
            AddProblem(operation, context, "429", "Too many requests; wait as Retry-After says.");
        }

        var method = context.ApiDescription.HttpMethod;
        if (method == "POST" && operation.Security.Count > 0 && !metadata.OfType<SkipsIdempotencyKey>().Any())
        {
            AddHeader(operation, "Idempotency-Key", "Any unique text of 1 to 128 characters: the same key and request give the same answer for 24 hours.", 128);
        }

        if (method is "PATCH" or "PUT" && operation.Responses?.ContainsKey("412") == true)
        {
            AddHeader(operation, "If-Match", "The ETag your change was made on; another version answers 412.", 64);
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

    private static void AddProblem(OpenApiOperation operation, OperationFilterContext context, string status, string description)
    {
        operation.Responses ??= [];
        operation.Responses.TryAdd(status, new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/problem+json"] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository) },
            },
        });
    }
}

/// <summary>Marks a POST that takes no Idempotency-Key, such as a streamed upload.</summary>
internal class SkipsIdempotencyKey;

/// <summary>In a merge patch every field is optional: absent keeps the value.</summary>
internal sealed class PatchSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema concrete && context.Type.Name.StartsWith("Update", StringComparison.Ordinal) && context.Type.Name.EndsWith("Request", StringComparison.Ordinal))
        {
            concrete.Required = null;
        }
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

/// <summary>Adds to problem details what ours always carry.</summary>
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
        concrete.Properties ??= new Dictionary<string, IOpenApiSchema>();
        concrete.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable, snake_case; docs/errors.md lists them." };
        concrete.Properties["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Name it when you ask us." };
        concrete.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object | JsonSchemaType.Null,
            Description = "By field, in the request's spelling.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
    }
}
