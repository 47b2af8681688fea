using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>
/// Removes schemas that nothing refers to. Swashbuckle keeps the schema of each type it encountered, even if a filter replaced it,
/// such as that of a <see cref="Choice{T}"/>; the SDKs would get a class for each.
/// </summary>
internal sealed class UnusedSchemas : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        var operations = document.Paths.Values.SelectMany(p => p.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()).ToList();
        var used = RequiredFields.Reach(document,
        [
            .. operations.SelectMany(o => o.RequestBody?.Content?.Values.Select(c => c.Schema) ?? []),
            .. operations.SelectMany(o => o.Responses?.Values ?? Enumerable.Empty<IOpenApiResponse>()).SelectMany(r => r.Content?.Values.Select(c => c.Schema) ?? []),
            .. operations.SelectMany(o => o.Parameters ?? []).Select(p => p.Schema),
        ]);
        foreach (var name in document.Components?.Schemas?.Keys.Where(name => !used.Contains(name)).ToList() ?? [])
        {
            document.Components!.Schemas!.Remove(name);
        }
    }
}
