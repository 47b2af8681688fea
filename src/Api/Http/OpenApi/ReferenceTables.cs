using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Proofsheet.Shared.Countries;
using Proofsheet.Shared.Currencies;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>
/// Writes the tables of currencies and countries into the document, from which the SDKs take theirs: what browsers know differs from ISO 4217.
/// </summary>
internal sealed class ReferenceTables : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        if (context.DocumentName != OpenApiSetup.Document)
        {
            return;
        }

        document.AddExtension("x-currencies", Table(Currencies.All.Order(StringComparer.Ordinal), code => new JsonObject
        {
            ["decimals"] = Currencies.Digits(code),
            ["maxAmount"] = Currencies.MaxAmount(code),
        }));
        document.AddExtension("x-countries", Table(Countries.All, code => new JsonObject { ["hasPostalCodes"] = Countries.RequiresPostalCode(code) }));
    }

    private static JsonNodeExtension Table(IEnumerable<string> codes, Func<string, JsonNode> row)
    {
        var table = new JsonObject();
        foreach (var code in codes)
        {
            table[code] = row(code);
        }

        return new JsonNodeExtension(table);
    }
}
