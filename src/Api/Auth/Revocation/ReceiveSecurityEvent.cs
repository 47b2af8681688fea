using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Jose;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Auth.Revocation;

/// <summary>A refusal in the form of RFC 8935, 2.3, plus the field of Back-Channel Logout.</summary>
internal sealed record SecurityEventRefusalResponse
{
    /// <summary>One of invalid_request, invalid_key, invalid_issuer, invalid_audience and authentication_failed.</summary>
    public required string Err { get; init; }

    public required string Description { get; init; }

    /// <summary>The error as the logout specification defines it.</summary>
    public required string Error { get; init; }
}

internal static class ReceiveSecurityEvent
{
    private const string SecurityEvent = "application/secevent+jwt";
    private const string Form = "application/x-www-form-urlencoded";

    public static void MapReceiveSecurityEvent(this IEndpointRouteBuilder routes) => routes
        .MapPost("/security-events", HandleAsync)
        .WithName("ReceiveSecurityEvent")
        .WithGroupName(OpenApiSetup.Internal)
        .WithTags("Webhooks")
        .WithSummary("Receive an event from the authority")
        .WithDescription("Called by the authority with a Security Event Token (RFC 8935, `application/secevent+jwt`), or with `logout_token` in a form (OpenID "
            + "Connect Back-Channel Logout). What it revokes is refused by every process within two seconds. Sending it again changes nothing.")
        .Accepts<string>(SecurityEvent, Form)
        .Produces(StatusCodes.Status202Accepted)
        .Produces(StatusCodes.Status200OK)
        .Produces<SecurityEventRefusalResponse>(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .WithMetadata(new NotRateLimited());

    private static async Task<Results<Accepted, Ok, JsonHttpResult<SecurityEventRefusalResponse>, ProblemHttpResult>> HandleAsync(
        HttpContext http, ProofsheetDb db, SecurityEvents events, DenyList list, TimeProvider clock, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        var isLogout = string.Equals(type, Form, StringComparison.OrdinalIgnoreCase);
        if (!isLogout && !string.Equals(type, SecurityEvent, StringComparison.OrdinalIgnoreCase))
        {
            return Problems.UnsupportedMedia($"Send `{SecurityEvent}`, or a form with `logout_token`.");
        }

        var body = await ReadAsync(http.Request.Body, cancellation);
        var text = isLogout ? LogoutTokenOf(body) : body;
        var (issuer, told, refusal) = text is null
            ? ("", [], new EventRefusal("invalid_request", "The token is missing, or too long."))
            : await events.ReadAsync(text.Trim(), isLogout, cancellation);
        if (refusal is not null)
        {
            return TypedResults.Json(new SecurityEventRefusalResponse { Err = refusal.Code, Description = refusal.Description, Error = "invalid_request" }, statusCode: 400);
        }

        // What has already expired needs no entry.
        var now = clock.GetUtcNow();
        foreach (var denial in told.Where(d => d.ExpiresAt > now))
        {
            list.Add(await SaveAsync(db, issuer, denial, now, cancellation));
        }

        // RFC 8935, 2.2, and Back-Channel Logout 1.0, 2.8.
        return isLogout ? TypedResults.Ok() : TypedResults.Accepted((string?)null);
    }

    private static async Task<DeniedToken> SaveAsync(ProofsheetDb db, string issuer, ToldDenial told, DateTimeOffset now, CancellationToken cancellation)
    {
        var row = new DeniedToken
        {
            Key = DenyList.KeyOf(told.Kind, issuer, told.Value),
            Kind = told.Kind,
            Issuer = issuer,
            IssuedUntil = told.ToldAt,
            ExpiresAt = told.ExpiresAt,
            RecordedAt = now,
        };
        if (await ExtendAsync(db, row, cancellation))
        {
            return row;
        }

        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // The same event was received at the same moment.
            db.Entry(row).State = EntityState.Detached;
            await ExtendAsync(db, row, cancellation);
        }

        return row;
    }

    /// <summary>True if the row exists and now covers at least this event. An older event never weakens a newer one.</summary>
    private static async Task<bool> ExtendAsync(ProofsheetDb db, DeniedToken row, CancellationToken cancellation) =>
        await db.Set<DeniedToken>().Where(d => d.Key == row.Key && d.IssuedUntil < row.IssuedUntil).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.IssuedUntil, row.IssuedUntil).SetProperty(d => d.ExpiresAt, row.ExpiresAt).SetProperty(d => d.RecordedAt, row.RecordedAt), cancellation) > 0
        || await db.Set<DeniedToken>().AnyAsync(d => d.Key == row.Key, cancellation);

    private static string? LogoutTokenOf(string? form)
    {
        var fields = form is null ? null : QueryHelpers.ParseQuery(form);
        return fields is not null && fields.TryGetValue("logout_token", out var tokens) && tokens.Count == 1 ? tokens[0] : null;
    }

    private static async Task<string?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = new byte[Jws.MaxLength + 1024];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length == buffer.Length ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }
}
