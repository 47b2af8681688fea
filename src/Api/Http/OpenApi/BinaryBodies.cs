using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>Endpoint metadata: a successful response is a file in one of these types.</summary>
internal sealed class AnswersBinary(params string[] contentTypes)
{
    public IReadOnlyList<string> ContentTypes { get; } = contentTypes;
}

/// <summary>Endpoint metadata: the handler streams a multipart body of any number of files, which no parameter shows.</summary>
internal sealed class TakesFiles(string field, string description) : IReceivesFiles
{
    public string Field { get; } = field;

    public string Description { get; } = description;
}

/// <summary>Documents bodies that handlers read and write themselves.</summary>
internal sealed class BinaryBodies : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<AnswersBinary>().LastOrDefault() is { } answer)
        {
            operation.Responses ??= [];
            operation.Responses["200"] = new OpenApiResponse
            {
                Description = "The file, or a part of it if Range is sent (206).",
                Content = answer.ContentTypes.ToDictionary(
                    type => type,
                    IOpenApiMediaType (_) => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
            };
        }

        if (metadata.OfType<TakesFiles>().LastOrDefault() is { } files)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["multipart/form-data"] = new OpenApiMediaType { Schema = FilesSchema(files) },
                },
            };
        }
    }

    private static OpenApiSchema FilesSchema(TakesFiles files) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { files.Field },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            [files.Field] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = files.Description,
                Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
            },
        },
    };
}
