using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>Endpoint metadata: the handler reads this header itself.</summary>
internal sealed record TakesHeader(string Name, string Description, bool IsRequired = false, bool IsNumber = false);

/// <summary>Endpoint metadata: the handler sets this header in responses with the status.</summary>
internal sealed record AnswersHeader(int Status, string Name, string Description, bool IsNumber = false);

/// <summary>Endpoint metadata: the handler streams the body, which consists of bytes of this type.</summary>
internal sealed record TakesBytes(string ContentType, bool IsRequired = true) : IReceivesFiles;

/// <summary>Documents headers and bodies that handlers read and write themselves.</summary>
internal sealed class DescribedHeaders : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        foreach (var header in metadata.OfType<TakesHeader>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Required = header.IsRequired,
                Schema = SchemaOf(header.IsNumber),
            });
        }

        foreach (var header in metadata.OfType<AnswersHeader>())
        {
            if (operation.Responses?.TryGetValue(header.Status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var answer) == true && answer is OpenApiResponse response)
            {
                response.Headers ??= new Dictionary<string, IOpenApiHeader>();
                response.Headers[header.Name] = new OpenApiHeader { Description = header.Description, Schema = SchemaOf(header.IsNumber) };
            }
        }

        if (metadata.OfType<TakesBytes>().LastOrDefault() is { } bytes)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = bytes.IsRequired,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [bytes.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                },
            };
        }
    }

    private static OpenApiSchema SchemaOf(bool isNumber) => isNumber
        ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" }
        : new OpenApiSchema { Type = JsonSchemaType.String };
}
