using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders.Opening;

/// <summary>Either the token of a link, or the order's number with its email address and a code.</summary>
internal sealed record OpenOrderRequest
{
    /// <summary>What follows `#order=` in the link of an order's email.</summary>
    [StringLength(1_024)]
    public string? Token { get; init; }

    [OneLine, StringLength(20)]
    public string? Number { get; init; }

    [StringLength(EmailAddress.MaxLength), Email]
    public string? Email { get; init; }

    /// <summary>Six digits from the email that `RequestOrderCode` sent.</summary>
    [RegularExpression("^[0-9]{6}$", ErrorMessage = "Six digits.")]
    public string? Code { get; init; }
}

internal sealed record OrderVisitResponse
{
    /// <summary>A credential for this order alone, sent as Authorization: Bearer.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Id<Order> OrderId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }
}

internal static class OpenOrder
{
    public static void MapOpenOrder(this IEndpointRouteBuilder routes) => routes
        .MapPost("/storefront/orders/open", HandleAsync)
        .WithName("OpenOrder")
        .WithTags("Storefront")
        .WithSummary("Open an order by its link or a code")
        .WithDescription("Works on any device, even after the gallery has expired. The token reads this order and its files, and can pay it.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        // In one transaction with the response, a wrong guess would be rolled back together with its count.
        .WithMetadata(IdempotencyMode.ClaimedFirst)
        .RequireScope(Scopes.Storefront);

    private static async Task<Results<Ok<OrderVisitResponse>, ProblemHttpResult>> HandleAsync(
        OpenOrderRequest request, ProofsheetDb db, TenantContext tenant, OrderLinks links, EmailCodes codes, VisitorTokens tokens, IOptions<AccessOptions> access, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var ends = now.AddHours(access.Value.VisitorTokenHours);
        Order? order;
        if (request.Token is { } token)
        {
            if (links.Read(token, tenant.Current) is not { } link)
            {
                return Problems.NotFound("order");
            }

            if (link.EndsAt <= now)
            {
                return Problems.Gone("link_ended", "This link has ended. Find the order by its number and your email address with `RequestOrderCode`.");
            }

            ends = link.EndsAt < ends ? link.EndsAt : ends;
            order = await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(o => o.Id == link.Order, cancellation);
        }
        else if (request is { Number: { } number, Email: { } email, Code: { } code })
        {
            order = await db.FindByNumberAsync(number, email, cancellation);
            // Checked for unknown orders, too, so that the response says the same.
            if (await codes.CheckAsync(SubjectOf(order?.Id ?? default), code, cancellation) is not { } proven || !await codes.UseAsync(proven.Id, cancellation))
            {
                return EmailCodes.Wrong();
            }
        }
        else
        {
            return Problems.Rule("order_key_required", "Send `token`, or `number`, `email` and `code`.");
        }

        if (order is null)
        {
            return Problems.NotFound("order");
        }

        var grant = new VisitorGrant { Tenant = tenant.Current, OrderId = order.Id.ToString(), Scopes = [Scopes.VisitorOneOrder], ExpiresAt = ends };
        return TypedResults.Ok(new OrderVisitResponse { Token = tokens.Write(grant), ExpiresAt = ends, OrderId = order.Id, GalleryId = order.GalleryId });
    }

    public static string SubjectOf(Id<Order> order) => $"order:{order}";

    /// <summary>The order with this number, if it was made with this email address.</summary>
    public static async Task<Order?> FindByNumberAsync(this ProofsheetDb db, string number, string email, CancellationToken cancellation)
    {
        var (written, key) = (number.Trim().TrimStart('#').ToUpperInvariant(), EmailAddress.Key(email));
        return await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(o => o.Number == written && o.EmailKey == key, cancellation);
    }
}
