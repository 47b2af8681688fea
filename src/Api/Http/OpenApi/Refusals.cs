using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>An error status, as the document describes it once for all operations.</summary>
internal sealed record Refusal(string Status, string Name, string Description, params string[] Headers);

internal static class Refusals
{
    private const string RetryAfter = "Retry-After";

    public static IReadOnlyList<Refusal> All { get; } =
    [
        new("400", "BadRequest", "The request is malformed: `malformed_request`, `malformed_json`, `unknown_field` and `validation_failed` (these three name the fields in `errors`), "
            + "`unknown_parameter`, `unknown_version`, `invalid_idempotency_key`, or another `code`."),
        new("401", "Unauthorized", "No valid credential: `missing_credential`, `invalid_credential`, `expired_credential`, or another `code`.", "WWW-Authenticate"),
        new("403", "Forbidden", "The credential lacks the scope (`missing_scope`), or `code` says what else does not allow it.", "WWW-Authenticate"),
        new("404", "NotFound", "It does not exist or belongs to another studio (`not_found`), or the studio of the token is not one of the account's (`unknown_studio`)."),
        new("409", "Conflict", "It conflicts with the present state; `code` says how. `idempotency_in_flight`, and some others that pass, have Retry-After.", RetryAfter),
        new("410", "Gone", "It has ended or was removed; `code` says how."),
        new("412", "PreconditionFailed", "If-Match names another version (`version_mismatch`). For a resumable upload, Tus-Resumable is not a version that Tus-Version names (`tus_version_unsupported`)."),
        new("413", "ContentTooLarge", "The body is larger than this operation takes (`body_too_large`), or a file in it is."),
        new("415", "UnsupportedMediaType", "The body has a media type that this operation does not take (`unsupported_media_type`)."),
        new("416", "RangeNotSatisfiable", "The range begins behind the end of the file (`range_not_satisfiable`).", "Content-Range"),
        new("422", "UnprocessableContent", "A rule refuses the request; `code` says which, and `errors` the field if it is one. With a used Idempotency-Key, `idempotency_key_reused`."),
        new("423", "Locked", "Another request is writing to the upload (`upload_locked`).", RetryAfter),
        new("429", "TooManyRequests", "Too many requests (`rate_limited`), or too many attempts.", RetryAfter, SharedHeaders.RateLimit, SharedHeaders.RateLimitRemaining),
        new("460", "ChecksumMismatch", "The body does not match Upload-Checksum (`upload_checksum_mismatch`)."),
        new("503", "ServiceUnavailable", "Not available now: `too_many_concurrent_requests`, `database_busy`, `database_unavailable`, or another `code`.", RetryAfter),
        new("507", "InsufficientStorage", "The store is full (`storage_full`)."),
    ];

    public static void Add(OpenApiOperation operation, OperationFilterContext context, string status)
    {
        operation.Responses ??= [];
        operation.Responses.TryAdd(status, new OpenApiResponse
        {
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [Problem] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository) },
            },
        });
    }

    public const string Problem = "application/problem+json";
}

/// <summary>Adds the errors that follow from what an operation takes: a credential, a body, an Idempotency-Key. The others are named by the operations themselves.</summary>
internal sealed class GeneralRefusals : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var method = context.ApiDescription.HttpMethod;
        var needsCredential = operation.Security is { Count: > 0 };
        IEnumerable<string> statuses =
        [
            // Any request may name a version, and a query parameter that was renamed.
            .. metadata.OfType<AnsweredBeforeRouting>().Any() ? [] : (string[])["400"],
            .. needsCredential ? (string[])["401", "403"] : [],
            .. needsCredential && !metadata.OfType<Callers.WithoutStudio>().Any() ? (string[])["404"] : [],
            .. needsCredential && method is not ("GET" or "HEAD") ? (string[])["409"] : [],
            .. operation.RequestBody is not null ? (string[])["413"] : [],
            .. operation.RequestBody is { Required: true } || metadata.OfType<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>().Any() ? (string[])["415"] : [],
            .. OperationConventions.TakesIdempotencyKey(operation, method) ? (string[])["422"] : [],
            .. metadata.OfType<NotRateLimited>().Any() ? [] : (string[])["429"],
            "503",
        ];
        foreach (var status in statuses)
        {
            Refusals.Add(operation, context, status);
        }
    }
}

/// <summary>Endpoint metadata: requests are answered before routing, without any of the checks that all other operations share.</summary>
internal sealed class AnsweredBeforeRouting;

/// <summary>
/// Describes errors alike everywhere, and moves those that are the same in all operations to the components, where generators find one type for each.
/// </summary>
internal sealed class SharedRefusals : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        foreach (var (method, operation) in document.Paths.Values.SelectMany(path => path.Operations ?? []))
        {
            if (operation.Responses?.ContainsKey("429") == true)
            {
                CountRequests(document, operation.Responses);
            }

            foreach (var refusal in Refusals.All)
            {
                if (operation.Responses?.GetValueOrDefault(refusal.Status) is OpenApiResponse response && response.Content?.Keys.All(type => type == Refusals.Problem) != false)
                {
                    operation.Responses[refusal.Status] = Described(document, refusal, response, isHead: method == HttpMethod.Head);
                }
            }
        }
    }

    private static void CountRequests(OpenApiDocument document, OpenApiResponses responses)
    {
        foreach (var success in responses.Where(answer => answer.Key[0] is '2').Select(answer => answer.Value).OfType<OpenApiResponse>())
        {
            success.Headers ??= new Dictionary<string, IOpenApiHeader>();
            success.Headers[SharedHeaders.RateLimit] = SharedHeaders.Reference(document, SharedHeaders.RateLimit);
            success.Headers[SharedHeaders.RateLimitRemaining] = SharedHeaders.Reference(document, SharedHeaders.RateLimitRemaining);
        }
    }

    private static IOpenApiResponse Described(OpenApiDocument document, Refusal refusal, OpenApiResponse response, bool isHead)
    {
        var hasOwnHeaders = response.Headers is { Count: > 0 };
        response.Description = refusal.Description;
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        foreach (var header in refusal.Headers)
        {
            response.Headers[header] = SharedHeaders.Reference(document, header);
        }

        if (isHead)
        {
            response.Content = null;
        }

        if (isHead || hasOwnHeaders)
        {
            return response;
        }

        document.Components!.Responses ??= new Dictionary<string, IOpenApiResponse>();
        document.Components.Responses.TryAdd(refusal.Name, response);
        return new OpenApiResponseReference(refusal.Name, document);
    }
}
