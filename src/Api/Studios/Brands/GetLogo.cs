using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Brands;

internal static class GetLogo
{
    private const string Path = "/media/logos/{studioId}/{file}";
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public static void MapGetLogo(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, HandleAsync)
            .WithName("GetLogo")
            .WithTags("Media")
            .WithSummary("Get a studio's logo")
            .WithDescription("Returns a PNG; open to everyone. The URL contains a hash of the content, so the content never changes: cache it as long as you like.")
            .WithMetadata(new AnswersBinary("image/png") { HasParts = false }, new NotRateLimited())
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapMethods(Path, [HttpMethods.Head], HandleAsync).WithMetadata(new NotRateLimited()).ExcludeFromDescription();
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        Id<Tenant> studioId, string file, HttpContext http, IObjectStore store, CancellationToken cancellation)
    {
        var sha256 = file.EndsWith(".png", StringComparison.Ordinal) ? file[..^4] : "";
        if (studioId.IsEmpty || sha256.Length != 64 || sha256.AsSpan().ContainsAnyExcept(Hexadecimal))
        {
            return Problems.NotFound("logo");
        }

        await using var logo = await store.OpenAsync(Branding.LogoKeyOf(studioId, sha256), cancellation: cancellation);
        if (logo is null)
        {
            return Problems.NotFound("logo");
        }

        var bytes = new byte[logo.Length];
        await logo.Content.ReadExactlyAsync(bytes, cancellation);
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.File(bytes, "image/png", entityTag: new EntityTagHeaderValue($"\"{sha256}\""));
    }
}
