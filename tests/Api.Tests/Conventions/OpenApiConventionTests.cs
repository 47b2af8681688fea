using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

public sealed partial class OpenApiConventionTests(ApiHost api)
{
    // Anonymous operations: signed URLs, and the payment providers' webhooks, which are signed too.
    private static readonly string[] Anonymous = ["GetRendition", "GetLogo", "GetDownloadFile", "GetDownloadZip", "GetGalleryDownloadFile", "GetExportFile", "ReceivePaymentWebhook", "ReceiveSecurityEvent", "GetBrand"];

    [Fact]
    public async Task Every_operation_has_a_name_a_tag_a_summary_and_a_description()
    {
        var document = await OpenApiDocument.ReadAsync(api);

        document.Operations.Should().HaveCountGreaterThan(10);
        document.Operations.Where(o => !PascalCase().IsMatch(o.Id)).Select(o => o.ToString()).Should().BeEmpty("names are PascalCase");
        document.Operations.GroupBy(o => o.Id).Where(g => g.Count() > 1 && g.Any(o => o.Method != "HEAD" && g.Key == o.Id && g.Count(x => x.Method != "HEAD") > 1)).Select(g => g.Key).Should().BeEmpty("names are unique");
        document.Operations.Where(o => (o.Node["tags"]?.AsArray().Count ?? 0) == 0).Select(o => o.ToString()).Should().BeEmpty("each has a tag");
        document.Operations.Where(o => o.Node["summary"] is null || o.Node["description"] is null).Select(o => o.ToString()).Should().BeEmpty("each says what it does");
    }

    [Fact]
    public async Task Every_operation_names_its_scopes_or_is_known_to_be_open()
    {
        var document = await OpenApiDocument.ReadAsync(api);

        document.Operations.Where(o => o.Scopes.Count == 0 && !Anonymous.Contains(o.Id)).Select(o => o.ToString()).Should().BeEmpty();
        document.Operations.Where(o => o.Scopes.Count > 0 && Anonymous.Contains(o.Id)).Select(o => o.ToString()).Should().BeEmpty();
    }

    [Fact]
    public async Task Every_operation_shows_its_scopes_as_security_requirements()
    {
        var document = await OpenApiDocument.ReadAsync(api);
        foreach (var operation in document.Operations)
        {
            var shown = (operation.Node["security"]?.AsArray() ?? []).Select(r => r!.AsObject().Single()).ToList();
            var tokens = operation.Scopes.Where(Scopes.OfTokens.ContainsKey);
            shown.Where(r => r.Key == "oauth").Select(r => r.Value!.AsArray().Single()!.GetValue<string>())
                .Should().BeEquivalentTo(tokens, "{0} takes a token with any of its scopes", operation);
            shown.Count(r => r.Key == "key").Should().Be(operation.Scopes.Except(Scopes.OfAccounts).Any() ? 1 : 0, "{0} takes keys unless only an account can do it", operation);
        }

        var schemes = document.Root["components"]!["securitySchemes"]!;
        schemes["key"]!["scheme"]!.GetValue<string>().Should().Be("bearer");
        var offered = schemes["oauth"]!["flows"]!["authorizationCode"]!["scopes"]!.AsObject().Select(s => s.Key);
        offered.Should().BeEquivalentTo(Scopes.OfTokens.Keys);
        schemes["oauth"]!["flows"]!["clientCredentials"]!["tokenUrl"]!.GetValue<string>().Should().NotBeEmpty();
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Every_operation_tells_the_errors_it_can_answer()
    {
        var document = await OpenApiDocument.ReadAsync(api);
        var missing = new List<string>();
        foreach (var operation in document.Operations)
        {
            var answers = operation.Answers.ToHashSet();
            if (operation.Scopes.Count > 0 && !(answers.Contains("401") && answers.Contains("403")))
            {
                missing.Add($"{operation}: 401 and 403");
            }

            if (operation.PathParameters.Any(p => p.EndsWith("Id", StringComparison.Ordinal)) && !answers.Contains("404"))
            {
                missing.Add($"{operation}: 404, since it takes an id");
            }

            if (operation.Method is "POST" or "PUT" or "PATCH" && operation.BodySchema(out _) is not null && !answers.Contains("400"))
            {
                missing.Add($"{operation}: 400, since it takes a body");
            }

            if (operation.Method == "PATCH" && !operation.Headers.Contains("If-Match") && !operation.Headers.Contains("Tus-Resumable"))
            {
                missing.Add($"{operation}: If-Match, since a change may name its version");
            }
        }

        missing.Should().BeEmpty();
    }

    [Fact]
    public async Task Lists_are_pages_with_a_cursor_and_a_limit()
    {
        var document = await OpenApiDocument.ReadAsync(api);

        document.Operations
            .Where(o => o.Method == "get")
            .Where(o => o.Node["responses"]?["200"]?["content"]?["application/json"]?["schema"]?["$ref"]?.GetValue<string>().EndsWith("Page", StringComparison.Ordinal) == true)
            .Where(o => !(o.Node["parameters"]?.AsArray() ?? []).Select(p => p!["name"]!.GetValue<string>()).Intersect(["cursor", "limit"]).Count().Equals(2))
            .Select(o => o.ToString())
            .Should().BeEmpty();
    }

    [GeneratedRegex("^[A-Z][A-Za-z]+$")]
    private static partial Regex PascalCase();
}
