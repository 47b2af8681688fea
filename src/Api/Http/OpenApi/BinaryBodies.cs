using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>Endpoint metadata: a successful response is a file in one of these types. Its ETag can be sent as If-None-Match.</summary>
internal sealed class AnswersBinary(params IEnumerable<string> contentTypes)
{
    public IReadOnlyList<string> ContentTypes { get; } = [.. contentTypes];

    /// <summary>Whether Range is supported.</summary>
    public bool HasParts { get; init; } = true;

    /// <summary>Whether the response may be a redirect to the object store.</summary>
    public bool MayBeElsewhere { get; init; }
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
            operation.Responses["200"] = File("The file.", answer);
            if (answer.HasParts)
            {
                operation.Responses["206"] = File("The part of the file that Range asks for.", answer);
                Refusals.Add(operation, context, "416");
            }

            if (answer.MayBeElsewhere)
            {
                operation.Responses["302"] = new OpenApiResponse
                {
                    Description = "The object store has the file, at the address in Location, for a few minutes.",
                    Headers = new Dictionary<string, IOpenApiHeader>
                    {
                        ["Location"] = new OpenApiHeader { Description = "The address of the file.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri" } },
                    },
                };
            }

            operation.Responses["304"] = new OpenApiResponse { Description = "The file has the ETag that If-None-Match names." };
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

    private static OpenApiResponse File(string description, AnswersBinary answer) => new()
    {
        Description = description,
        Content = answer.ContentTypes.ToDictionary(
            type => type,
            IOpenApiMediaType (_) => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
    };

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
