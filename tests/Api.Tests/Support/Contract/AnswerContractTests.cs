using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Xunit;
using Xunit.Sdk;

namespace Proofsheet.Api.Tests.Support.Contract;

public sealed class AnswerContractTests
{
    private const string Document = """
        {
          "paths": {
            "/v1/things/{thingId}": {
              "put": {
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/SetThing" } } } },
                "responses": {
                  "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
                  "400": { "$ref": "#/components/responses/BadRequest" }
                }
              }
            },
            "/v1/things/newest": { "put": { "responses": { "204": {} } } }
          },
          "components": {
            "responses": { "BadRequest": { "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } } },
            "schemas": {
              "Thing": {
                "type": "object",
                "required": ["id", "note", "part"],
                "properties": {
                  "id": { "type": "string", "pattern": "^thg_" },
                  "note": { "type": "string", "nullable": true },
                  "part": { "type": "object", "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Part" }] },
                  "status": { "type": "string", "enum": ["open", "closed"] }
                }
              },
              "Part": { "type": "object", "required": ["count"], "properties": { "count": { "type": "integer" } } },
              "SetThing": { "type": "object", "properties": { "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Part" } } } },
              "Problem": {
                "type": "object",
                "required": ["code"],
                "properties": {
                  "code": { "type": "string" }, "traceId": { "type": "string" },
                  "errors": { "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } }
                }
              }
            }
          }
        }
        """;

    private static readonly AnswerContract Contract = new(JsonNode.Parse(Document)!);

    [Theory]
    [InlineData(200, """{ "id": "thg_1", "note": null, "part": null }""")]
    [InlineData(200, """{ "id": "thg_1", "note": "a", "part": { "count": 1 }, "status": "open" }""")]
    [InlineData(400, """{ "code": "validation_failed", "errors": { "parts[0].count": ["It is required."] }, "more": 1 }""")]
    [InlineData(400, """{ "code": "unknown_field", "errors": { "anything": ["There is no such field."] } }""")]
    [InlineData(500, "{}")]
    public void A_response_as_described_passes(int status, string body) => Check(status, body).Should().NotThrow();

    [Theory]
    [InlineData(201, "{}", "the status")]
    [InlineData(200, """{ "note": null, "part": null }""", ".id is missing")]
    [InlineData(200, """{ "id": "gal_1", "note": null, "part": null }""", "does not match ^thg_")]
    [InlineData(200, """{ "id": null, "note": null, "part": null }""", ".id is null")]
    [InlineData(200, """{ "id": "thg_1", "note": 1, "part": null }""", ".note is 1, not string")]
    [InlineData(200, """{ "id": "thg_1", "note": null, "part": { "count": 1.5 } }""", ".part.count is 1.5, not integer")]
    [InlineData(200, """{ "id": "thg_1", "note": null, "part": {} }""", ".part.count is missing")]
    [InlineData(200, """{ "id": "thg_1", "note": null, "part": [] }""", ".part is a list, not object")]
    [InlineData(200, """{ "id": "thg_1", "note": null, "part": null, "status": "new" }""", "not one of its values")]
    [InlineData(200, """{ "id": "thg_1", "note": null, "part": null, "other": 1 }""", ".other is not described")]
    [InlineData(400, """{ "code": "validation_failed" }""", "validation_failed without errors")]
    [InlineData(400, """{ "code": "validation_failed", "errors": { "parts[0].size": ["It is required."] } }""", "'parts[0].size', which is no field of the request")]
    [InlineData(400, """{ "code": "validation_failed", "errors": { "parts.count": ["It is required."] } }""", "'parts.count', which is no field of the request")]
    public void A_response_that_differs_fails(int status, string body, string fault) => Check(status, body).Should().Throw<XunitException>().WithMessage($"*{fault}*");

    [Fact]
    public void A_media_type_that_is_not_described_fails() =>
        FluentActions.Invoking(() => Contract.Check(HttpMethod.Put, "/v1/things/thg_1", 200, "text/plain", "text"u8.ToArray())).Should().Throw<XunitException>().WithMessage("*text/plain*");

    [Fact]
    public void A_path_is_that_of_the_operation_with_fewer_parameters()
    {
        FluentActions.Invoking(() => Contract.Check(HttpMethod.Put, "/v1/things/newest", 204, null, [])).Should().NotThrow();
        FluentActions.Invoking(() => Contract.Check(HttpMethod.Put, "/v1/things/newest", 200, null, [])).Should().Throw<XunitException>();
        FluentActions.Invoking(() => Contract.Check(HttpMethod.Get, "/v1/things/newest", 405, null, [])).Should().NotThrow("the document has no such operation");
    }

    private static Action Check(int status, string body) =>
        () => Contract.Check(HttpMethod.Put, "/v1/things/thg_1", status, status < 400 ? "application/json" : "application/problem+json", Encoding.UTF8.GetBytes(body));
}
