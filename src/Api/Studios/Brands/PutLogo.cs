using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Brands;

/// <summary>A logo was replaced or deleted: its bytes are no longer needed.</summary>
internal sealed record LogoReplaced(string OldSha256) : IOutboxEvent
{
    public static string EventName => "studios.logo_replaced";
}

internal static class PutLogo
{
    public const int MaxBytes = 2 << 20;
    private static readonly string[] Types = ["image/png", "image/jpeg", "image/webp"];

    public static void MapPutLogo(this IEndpointRouteBuilder routes) => routes
        .MapPut("/studio/branding/logo", HandleAsync)
        .WithName("PutLogo")
        .WithTags("Studio")
        .WithSummary("Set the studio's logo")
        .WithDescription("The body is a PNG, JPEG or WebP of at most 2 MB and 4000 pixels per side. It is decoded and encoded again as a PNG, so that only the "
            + "picture is kept.")
        .Accepts<Stream>("image/png", "image/jpeg", "image/webp")
        .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<BrandingResponse>, ProblemHttpResult>> HandleAsync(
        Stream body, HttpContext http, ProofsheetDb db, TenantContext tenant, IImageProcessor images, IObjectStore store, TimeProvider clock, PublicUrl publicUrl, CancellationToken cancellation)
    {
        if (!Types.Contains(http.Request.ContentType?.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
        {
            return Problems.UnsupportedMedia($"A logo is {string.Join(", ", Types)}.");
        }

        using var sent = new MemoryStream();
        await body.CopyToAsync(sent, cancellation);
        var inspection = await images.InspectLogoAsync(sent.ToArray(), cancellation);
        if (inspection.Logo is not { } logo)
        {
            return Problems.Rule(inspection.Refusal!.Code, inspection.Refusal.Message);
        }

        // Stored before it is saved: a crash in between leaves an unused object, never a row without its object.
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(logo.Png));
        await store.PutAsync(Branding.LogoKeyOf(tenant.Current, sha256), new MemoryStream(logo.Png), cancellation: cancellation);

        var branding = await db.BrandingToChangeAsync(cancellation);
        if (branding.LogoSha256 is { } old && old != sha256)
        {
            db.Publish(tenant.Current, new LogoReplaced(old), clock.GetUtcNow());
        }

        (branding.LogoSha256, branding.LogoWidth, branding.LogoHeight) = (sha256, logo.Width, logo.Height);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, branding);
        return TypedResults.Ok(branding.ToResponse(publicUrl));
    }
}

/// <summary>Deletes the bytes of a logo that was replaced, unless the same picture was set again in the meantime.</summary>
internal sealed class RemoveOldLogo(ProofsheetDb db, TenantContext tenant, IObjectStore store) : IHandle<LogoReplaced>
{
    public async Task HandleAsync(LogoReplaced happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var branding = await db.BrandingAsync(cancellation);
        if (branding.LogoSha256 != happened.OldSha256)
        {
            await store.DeleteAsync(Branding.LogoKeyOf(tenant.Current, happened.OldSha256), cancellation);
        }
    }
}
