using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>What the framework would put into the document although no client can use it, checked in the whole document.</summary>
public sealed class OpenApiShapeTests(ApiHost api)
{
    [Fact]
    public async Task No_schema_is_the_wrapper_of_one_value()
    {
        var document = await OpenApiDocument.ReadAsync(api);
        var schemas = Schemas(document).ToList();

        schemas.Should().HaveCountGreaterThan(100);
        schemas.Where(s => s.Schema["properties"] is JsonObject { Count: 1 } only && only.Single().Key is "value" or "text" or "hasValue").Select(s => s.Name)
            .Should().BeEmpty("an id, a choice and the like are written as their value");
        document.Operations.SelectMany(o => (o.Node["parameters"]?.AsArray() ?? []).Select(p => (Operation: o, Parameter: p!)))
            .Where(p => document.Resolve(p.Parameter["schema"]!)["type"]?.GetValue<string>() == "object").Select(p => $"{p.Operation}: {p.Parameter["name"]}")
            .Should().BeEmpty("a parameter is a text, a number or a list of those");
    }

    [Fact]
    public async Task No_schema_is_there_that_nothing_refers_to()
    {
        var document = await OpenApiDocument.ReadAsync(api);

        Schemas(document).Select(s => s.Name).Except(document.SchemasOf(requests: true).Keys).Except(document.SchemasOf(requests: false).Keys).Should().BeEmpty();
    }

    [Fact]
    public async Task No_request_has_a_field_that_cannot_be_sent()
    {
        var document = await OpenApiDocument.ReadAsync(api);
        var requests = document.SchemasOf(requests: true);

        requests.Should().HaveCountGreaterThan(40);
        requests.SelectMany(s => (s.Value["properties"]?.AsObject() ?? []).Where(p => p.Value!["readOnly"]?.GetValue<bool>() == true).Select(p => $"{s.Key}.{p.Key}"))
            .Should().BeEmpty("what is computed is none of the client's fields");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task An_operation_answers_412_exactly_when_it_takes_a_header_that_can_fail()
    {
        var document = await OpenApiDocument.ReadAsync(api);

        document.Operations.Where(o => o.Headers.Contains("If-Match")).Should().HaveCountGreaterThan(20);
        // tus 1.0.0 responds with 412 for a protocol version that the server does not support.
        document.Operations.Where(o => o.Answers.Contains("412") != (o.Headers.Contains("If-Match") || o.Headers.Contains("Tus-Resumable"))).Select(o => o.ToString())
            .Should().BeEmpty();
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Every_operation_that_takes_If_Match_refuses_another_version()
    {
        var world = await World.MakeAsync(api);
        var document = await OpenApiDocument.ReadAsync(api);
        var strays = new List<string>();

        foreach (var operation in document.Operations.Where(o => o.Headers.Contains("If-Match")))
        {
            var client = operation.Scopes.Any(s => s.StartsWith("visitor:", StringComparison.Ordinal)) ? world.Visitor : world.Studio.Api;
            var answer = await OperationCall.SendAsync(client, operation, world, r => r.Headers.TryAddWithoutValidation("If-Match", "\"v999999\""));
            if (answer.Status != 412 || answer["code"] != "version_mismatch")
            {
                strays.Add($"{operation}: {answer.Status} {answer.Text}");
            }
        }

        strays.Should().BeEmpty();
    }

    private static IEnumerable<(string Name, JsonNode Schema)> Schemas(OpenApiDocument document) =>
        document.Root["components"]!["schemas"]!.AsObject().Select(s => (s.Key, s.Value!));
}
