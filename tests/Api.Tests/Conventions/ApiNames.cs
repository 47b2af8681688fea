using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>Every name that a text may tell a client: those in the OpenAPI document and in the standards it builds on.</summary>
internal sealed partial class ApiNames
{
    // From OpenID Connect and HTTP, and the header that every operation takes: they are not in the document.
    private static readonly string[] OfStandards = ["openid", "email", "acr_values=tenant:SLUG", "ETag", "Authorization", "Content-Type", "DPoP", "logout_token", "Last-Event-ID", Http.ApiVersions.Header];

    private readonly HashSet<string> _names = new(OfStandards, StringComparer.Ordinal);

    private ApiNames(IReadOnlyList<string> paths) => Paths = paths;

    public static ApiNames Read()
    {
        var document = OpenApiDocument.Merge(JsonNode.Parse(Repository.Read("openapi/api.json"))!, JsonNode.Parse(Repository.Read("openapi/internal.json"))!);
        var names = new ApiNames([.. document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key.ToUpperInvariant()} {p.Key}"))]);
        names.Collect(document["paths"]!);
        names.Collect(document["components"]!);
        names.Fields.UnionWith(names.Parameters);
        names._names.UnionWith(names.Operations);
        names._names.UnionWith(names.Fields);
        names._names.UnionWith(ErrorTable.Rows().Select(r => r.Code));
        return names;
    }

    public HashSet<string> Operations { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields of bodies and responses, and parameters in queries and headers.</summary>
    public HashSet<string> Fields { get; } = new(StringComparer.Ordinal);

    private HashSet<string> Parameters { get; } = new(StringComparer.Ordinal);

    private IReadOnlyList<string> Paths { get; }

    public bool Has(string name) =>
        _names.Contains(name)
        || name.Split('.') is { Length: > 1 } parts && parts.All(Fields.Contains)
        || Header().Match(name) is { Success: true } header && _names.Contains(header.Groups[1].Value)
        || Operation().IsMatch(name) && Paths.Any(p => Operation().Replace(p, "$1 $2") == name || p == name)
        || name.Contains(':', StringComparison.Ordinal) && Repository.Read("docs/operations.md").Contains($"`{name}", StringComparison.Ordinal);

    private void Collect(JsonNode node)
    {
        if (node is JsonArray list)
        {
            list.OfType<JsonNode>().Where(n => n is not JsonValue).ToList().ForEach(Collect);
            return;
        }

        foreach (var (key, value) in node.AsObject())
        {
            switch (key, value)
            {
                case ("operationId", JsonValue id):
                    Operations.Add(id.GetValue<string>());
                    break;
                case ("name", JsonValue parameter):
                    Parameters.Add(parameter.GetValue<string>());
                    break;
                case ("enum" or "x-scopes", JsonArray values):
                    _names.UnionWith(values.Select(v => v!.GetValue<string>()));
                    break;
                case ("properties", JsonObject properties):
                    Fields.UnionWith(properties.Select(p => p.Key));
                    Collect(properties);
                    break;
                case ("headers" or "content", JsonObject named):
                    _names.UnionWith(named.Select(p => p.Key));
                    Collect(named);
                    break;
                case (_, JsonObject or JsonArray):
                    Collect(value);
                    break;
            }
        }
    }

    [GeneratedRegex("^([A-Za-z-]+)(?:: |=).+$")]
    private static partial Regex Header();

    [GeneratedRegex("^(GET|POST|PUT|PATCH|DELETE|HEAD) (/.*)$")]
    private static partial Regex Operation();
}
