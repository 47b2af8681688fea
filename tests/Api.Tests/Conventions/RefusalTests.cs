using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>
/// What every operation refuses because of what it takes: a version, a key, a body and its fields. Each is answered where the document names it; that nothing
/// else is answered is checked with every response that a test gets (<see cref="Support.Contract.AnswerContract"/>).
/// </summary>
public sealed class RefusalTests(ApiHost api)
{
    private const int MoreThanABody = (1 << 20) + 1;

    [Fact]
    public async Task A_version_that_does_not_exist_is_refused_by_all_operations_but_pictures()
    {
        var strays = await TryAsync(_ => true, (operation, answer) => (answer.Status == 400) == (operation.Id != "GetRendition"), change: (_, request) => request.Headers.Add("Proofsheet-Version", "1999-01-01"));

        strays.Should().BeEmpty();
    }

    [Fact]
    public async Task A_malformed_Idempotency_Key_is_refused_by_all_operations_that_take_one()
    {
        var strays = await TryAsync(
            operation => operation.Headers.Contains("Idempotency-Key"),
            (operation, answer) => answer.Status == 400 && answer["code"] == "invalid_idempotency_key" && operation.Answers.Contains("422") && operation.Answers.Contains("409"),
            change: (_, request) => request.Headers.Add("Idempotency-Key", new string('k', 129)));

        strays.Should().BeEmpty();
    }

    [Fact]
    public async Task A_body_of_another_media_type_is_refused_where_the_document_names_415_and_only_there()
    {
        var strays = await TryAsync(
            operation => operation.BodySchema(out _) is not null,
            (operation, answer) => (answer.Status == 415) == operation.Answers.Contains("415"),
            body: _ => new ByteArrayContent("nothing"u8.ToArray()) { Headers = { ContentType = new("application/x-nothing") } },
            change: (operation, request) =>
            {
                if (operation.Headers.Contains("Tus-Resumable"))
                {
                    request.Headers.Add("Tus-Resumable", "1.0.0");
                    request.Headers.Add("Upload-Offset", "0");
                }
            });

        strays.Should().BeEmpty();
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_by_all_operations_that_take_JSON()
    {
        var strays = await TryAsync(TakesJson, (_, answer) => answer.Status == 413 && answer["code"] == "body_too_large", body: operation => Json(operation, "{}".PadRight(MoreThanABody)));

        strays.Should().BeEmpty();
    }

    [Fact]
    public async Task Each_required_field_that_is_missing_is_named_in_errors()
    {
        var strays = await TryAsync(
            operation => TakesJson(operation) && RequiredOf(operation).Count > 0,
            (operation, answer) => answer.Status == 400 && answer["code"] == "validation_failed" && ErrorsOf(answer).SetEquals(RequiredOf(operation)),
            body: operation => Json(operation, "{}"));

        strays.Should().BeEmpty();
    }

    [Fact]
    public async Task A_field_that_does_not_exist_is_named_in_errors_by_all_operations_that_take_JSON()
    {
        var world = await World.MakeAsync(api);
        var strays = await TryAsync(
            TakesJson,
            (_, answer) => answer.Status == 400 && answer["code"] == "unknown_field" && ErrorsOf(answer).SetEquals(["nothingLikeThis"]),
            body: operation => Json(operation, Sample(operation, world, "nothingLikeThis", 1)),
            world: world);

        strays.Should().BeEmpty();
    }

    [Fact]
    public async Task A_field_of_the_wrong_type_is_named_in_errors_by_all_operations_that_take_JSON()
    {
        var world = await World.MakeAsync(api);
        var strays = await TryAsync(
            TakesJson,
            (operation, answer) => answer.Status == 400 && answer["code"] == "malformed_json" && ErrorsOf(answer).SetEquals([FirstField(operation).Name]),
            body: operation => Json(operation, Sample(operation, world, FirstField(operation).Name, FirstField(operation).OtherType)),
            world: world);

        strays.Should().BeEmpty();
    }

    [Fact]
    public async Task JSON_that_is_none_is_refused_without_errors()
    {
        var strays = await TryAsync(
            TakesJson,
            (_, answer) => answer.Status == 400 && answer["code"] == "malformed_json" && answer.Body!["errors"] is null,
            body: operation => Json(operation, "{\"name\": "));

        strays.Should().BeEmpty();
    }

    /// <summary>Calls the operations and returns those whose response is not as expected.</summary>
    private async Task<List<string>> TryAsync(
        Func<Operation, bool> which, Func<Operation, ApiAnswer, bool> isExpected, Func<Operation, HttpContent>? body = null, Action<Operation, HttpRequestMessage>? change = null, World? world = null)
    {
        world ??= await World.MakeAsync(api);
        var document = await OpenApiDocument.ReadAsync(api);
        var strays = new List<string>();
        var tried = 0;
        foreach (var operation in document.Operations.Where(which))
        {
            tried++;
            var answer = await OperationCall.SendAsync(ClientOf(operation, world), operation, world, request =>
            {
                request.Content = body?.Invoke(operation) ?? request.Content;
                change?.Invoke(operation, request);
            });
            if (!isExpected(operation, answer))
            {
                strays.Add($"{operation}: {answer.Status} {answer.Text}");
            }
        }

        tried.Should().BeGreaterThan(40);
        return strays;
    }

    private ApiClient ClientOf(Operation operation, World world) => operation.Scopes switch
    {
        [] => api.Client(null),
        var scopes when scopes.Intersect(Scopes.OfSecretKeys).Any() => world.Studio.Api,
        var scopes when scopes.Intersect(Scopes.OfVisitors).Any() => world.Visitor,
        var scopes when scopes.Intersect(Scopes.OfAccounts).Any() => world.Owner.Account,
        var scopes when scopes.Intersect(Scopes.OfPublishableKeys).Any() => api.Client(world.PublishableKey, world.Origin),
        _ => api.Platform,
    };

    // The bodies of signed events of other servers are read as text, and have their own rules.
    private static bool TakesJson(Operation operation) =>
        operation.Scopes.Count > 0 && operation.BodySchema(out var type) is not null && type!.EndsWith("json", StringComparison.Ordinal);

    private static StringContent Json(Operation operation, string text)
    {
        operation.BodySchema(out var type);
        return new StringContent(text, Encoding.UTF8, type!);
    }

    private static string Sample(Operation operation, World world, string field, JsonNode? value)
    {
        var body = (JsonObject)operation.Document.Sample(operation.BodySchema(out _)!, world.OfPrefix)!;
        body[field] = value;
        return body.ToJsonString();
    }

    private static HashSet<string> RequiredOf(Operation operation) =>
        (operation.Document.Resolve(operation.BodySchema(out _)!)["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).ToHashSet();

    private static HashSet<string> ErrorsOf(ApiAnswer answer) => (answer.Body!["errors"]?.AsObject() ?? []).Select(error => error.Key).ToHashSet();

    private static (string Name, JsonNode OtherType) FirstField(Operation operation)
    {
        var (name, schema) = operation.Document.Resolve(operation.BodySchema(out _)!)["properties"]!.AsObject().First();
        return (name, operation.Document.Resolve(schema!)["type"]!.GetValue<string>() == "array" ? new JsonObject() : new JsonArray());
    }
}
