using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Carts;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Orders.Placing;

internal sealed record CheckoutRequest
{
    /// <summary>Where the confirmation is sent. No account is created.</summary>
    [Email, StringLength(EmailAddress.MaxLength, MinimumLength = 3)]
    public required string Email { get; init; }

    [Required, StringLength(100, MinimumLength = 1), RegularExpression(Texts.OneLine, ErrorMessage = Texts.OneLineError)]
    public required string Name { get; init; }

    /// <summary>Required if anything is shipped.</summary>
    public ShippingAddress? ShippingAddress { get; init; }

    /// <summary>A note for the studio.</summary>
    [StringLength(1000)]
    public string? Note { get; init; }

    /// <summary>The total that the buyer saw. A different total is refused, so that nobody pays a price that was not shown.</summary>
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

    /// <summary>The provider's form in the payer's browser needs it to complete this payment. Null if there is nothing to pay.</summary>
    public required string? ClientSecret { get; init; }

    public required OrderPaymentStatus Status { get; init; }
}

internal static class Checkout
{
    public static void MapCheckout(this IEndpointRouteBuilder routes) => routes
        .MapPost("/carts/{cartId}/checkout", HandleAsync)
        .WithName("Checkout")
        .WithTags("Orders")
        .WithSummary("Check out a cart")
        .WithDescription("Creates an order, which then waits for its payment. A cart becomes one order: repeating the same checkout returns the same order, a "
            + "different one is answered with 409 cart_ordered. After quote_changed or cart_item_unavailable the buyer has to review the cart; `RefreshCart` applies "
            + "current prices.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        // The cart itself acts as the idempotency key; the provider is called after the order is committed.
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
