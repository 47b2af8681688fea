using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record SetGalleryAccessRequest
{
    /// <summary>What a visitor has to know before the gallery opens.</summary>
    public required GalleryRequirement Requires { get; init; }

    /// <summary>Required if a password is required, otherwise not allowed. Composed (NFC), and with other spaces as ASCII spaces (RFC 8265), before its length is checked.</summary>
    [PasswordText, StringLength(128, MinimumLength = 8)]
    public string? Password { get; init; }

    /// <summary>Required if a PIN is required, otherwise not allowed: 6 to 12 digits.</summary>
    [RegularExpression("^[0-9]{6,12}$", ErrorMessage = "6 to 12 digits.")]
    public string? Pin { get; init; }
}

internal static class SetGalleryAccess
{
    public static void MapSetGalleryAccess(this IEndpointRouteBuilder routes) => routes
        .MapPut("/galleries/{galleryId}/access", HandleAsync)
        .WithName("SetGalleryAccess")
        .WithTags("Galleries")
        .WithSummary("Set what opens a gallery")
        .WithDescription("A password, a PIN or nothing. All visitor tokens that were issued before stop working at once.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<GalleryResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, SetGalleryAccessRequest request, HttpContext http, Caller caller, ProofsheetDb db, GallerySecrets secrets, GalleryResponses responses, CancellationToken cancellation)
    {
        var gallery = await db.FindGalleryAsync(caller, galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        if (!ETags.IfMatch(http, gallery))
        {
            return Problems.PreconditionFailed();
        }

        if (GalleryRules.RefuseLock(request.Requires, request.Password, request.Pin) is { } refused)
        {
            return refused;
        }

        gallery.Lock(request.Requires, (request.Password ?? request.Pin) is { } secret ? secrets.Hash(secret) : null, request.Pin?.Length);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, gallery);
        return TypedResults.Ok(await responses.OfAsync(gallery, cancellation));
    }
}
