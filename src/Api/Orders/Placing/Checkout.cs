using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Carts;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Orders.Placing;

internal sealed record CheckoutRequest
{
    /// <summary>Where the confirmation goes. No account is made.</summary>
    [Email, StringLength(EmailAddress.MaxLength, MinimumLength = 3)]
    public required string Email { get; init; }

    [Required, StringLength(100, MinimumLength = 1), RegularExpression(Texts.OneLine, ErrorMessage = Texts.OneLineError)]
    public required string Name { get; init; }

    /// <summary>Needed when something is shipped.</summary>
    public ShippingAddress? ShippingAddress { get; init; }

    /// <summary>For the studio.</summary>
    [StringLength(1000)]
    public string? Note { get; init; }

    /// <summary>The total that the buyer saw; another one is refused, so that nobody pays a price that was not shown.</summary>
    public required Money ExpectedTotal { get; init; }

    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, StoredJson.Options)));
}

internal sealed record CheckoutResponse
{
    public required OrderResponse Order { get; init; }

    public required CheckoutPaymentResponse Payment { get; init; }
}

internal sealed record CheckoutPaymentResponse
{
    public required Id<Payment> Id { get; init; }

    /// <summary>With it the provider's form in the payer's browser finishes this payment; null when there is nothing to pay.</summary>
    public required string? ClientSecret { get; init; }

    public required OrderPaymentStatus Status { get; init; }
}

internal static class Checkout
{
    public static void MapCheckout(this IEndpointRouteBuilder routes) => routes
        .MapPost("/carts/{cartId}/checkout", HandleAsync)
        .WithName("Checkout")
        .WithTags("Orders")
        .WithSummary("Order what is in a cart")
        .WithDescription("Makes the order, which then waits for its payment. A cart becomes one order: the same checkout again answers the same order, another one 409 cart_ordered. "
            + "quote_changed and cart_item_unavailable say that the buyer has to look at the cart again; RefreshCart gives it the prices of now.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        // The cart itself is the key that makes repeating safe; the provider is asked after the order is committed.
        .WithMetadata(IdempotencyMode.Repeatable)
        .RequireScope(Scopes.VisitorOrder);

    private static async Task<Results<Created<CheckoutResponse>, ProblemHttpResult>> HandleAsync(
        Id<Cart> cartId, CheckoutRequest request, PlaceOrder place, OrderPayments payments, ProofsheetDb db, Caller caller, CancellationToken cancellation)
    {
        var (orderId, refusal) = await place.RunAsync(cartId, request, cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        var order = (await db.FindOrderAsync(caller, orderId, cancellation))!;
        var secret = order.Status == OrderStatus.Pending ? (await payments.IntentAsync(order, cancellation)).ClientSecret : null;
        return TypedResults.Created($"/v1/orders/{order.Id}", new CheckoutResponse
        {
            Order = order.ToResponse(caller),
            Payment = new CheckoutPaymentResponse { Id = order.Payment!.Id, ClientSecret = secret, Status = order.Payment.Status },
        });
    }
}
