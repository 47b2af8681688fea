using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>
/// Swashbuckle wraps every reference in an allOf so that it can have siblings. Where there are none, the plain
/// reference is restored; where it is nullable or has a description, the allOf is kept with only that. Generators then see the named
/// type in both cases, and not an unnamed copy.
/// </summary>
internal sealed class PlainReferences : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        foreach (var schema in document.Components?.Schemas?.Values ?? Enumerable.Empty<IOpenApiSchema>())
        {
            Inside(schema, document);
        }

        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                parameter.Schema = Plain(parameter.Schema, document);
            }

            var bodies = (operation.RequestBody?.Content?.Values ?? Enumerable.Empty<IOpenApiMediaType>())
                .Concat(operation.Responses?.Values.SelectMany(r => r.Content?.Values ?? Enumerable.Empty<IOpenApiMediaType>()) ?? []);
            foreach (var body in bodies.OfType<OpenApiMediaType>())
            {
                body.Schema = Plain(body.Schema, document);
            }
        }
    }

    private static IOpenApiSchema? Plain(IOpenApiSchema? schema, OpenApiDocument document)
    {
        if (schema is not OpenApiSchema { AllOf: [OpenApiSchemaReference reference] } wrapper)
        {
            Inside(schema, document);
            return schema;
        }

        var nullable = wrapper.Type is { } type && type.HasFlag(JsonSchemaType.Null);
        if (!nullable && (wrapper.Description is null || wrapper.Description == reference.Description))
        {
            return reference;
        }

        return new OpenApiSchema
        {
            AllOf = [reference],
            // OpenAPI 3.0 lets a schema be null only if it says of which type it is otherwise.
            Type = nullable ? document.Components!.Schemas![reference.Reference.Id!].Type | JsonSchemaType.Null : null,
            Description = wrapper.Description == reference.Description ? null : wrapper.Description,
        };
    }

    private static void Inside(IOpenApiSchema? schema, OpenApiDocument document)
    {
        if (schema is not OpenApiSchema concrete)
        {
            return;
        }

        foreach (var (name, property) in concrete.Properties?.ToList() ?? [])
        {
            concrete.Properties![name] = Plain(property, document)!;
        }

        concrete.Items = Plain(concrete.Items, document);
        concrete.AdditionalProperties = Plain(concrete.AdditionalProperties, document);
        foreach (var part in concrete.AllOf ?? [])
        {
            Inside(part, document);
        }
    }
}
