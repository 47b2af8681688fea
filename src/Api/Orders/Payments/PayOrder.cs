using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Payments;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders.Payments;

internal sealed record PayOrderRequest
{
    /// <summary>The token that the payment provider's form made from the payer's card; never the card itself.</summary>
    [Required, StringLength(500, MinimumLength = 1)]
    public required string PaymentToken { get; init; }
}

internal static class PayOrder
{
    public static void MapPayOrder(this IEndpointRouteBuilder routes) => routes
        .MapPost("/orders/{orderId}/payments", HandleAsync)
        .WithName("PayOrder")
        .WithTags("Orders")
        .WithSummary("Pay an order")
        .WithDescription("A declined card is not an error: the response has status declined, and another payment method can be tried. An order is charged at most "
            + "once, however often this request is sent; for a paid order it returns the existing payment. While the status is processing, the order becomes paid "
            + "later without another request.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        // The attempt is committed before the provider is called, so this cannot run inside one transaction.
        .WithMetadata(IdempotencyMode.Repeatable)
        .RequireScope(Scopes.VisitorOrder, Scopes.VisitorOneOrder);

    private static async Task<Results<Ok<PaymentResponse>, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, PayOrderRequest request, ProofsheetDb db, Caller caller, OrderPayments payments, CancellationToken cancellation)
    {
        if (await db.FindOrderAsync(caller, orderId, cancellation) is not { } order)
        {
            return Problems.NotFound("order");
        }

        if (order.Status == OrderStatus.Canceled)
        {
            return NotPayable();
        }

        if (await payments.BeginAttemptAsync(orderId, cancellation))
        {
            try
            {
                await payments.ConfirmAsync(order, request.PaymentToken, cancellation);
            }
            catch (PaymentException e) when (e.Code == PaymentErrors.MethodNotAcceptable)
            {
                return Problems.Rule(e.Code, e.Message, "paymentToken");
            }
            catch (PaymentException e) when (e.Code == PaymentErrors.WrongState)
            {
                await payments.CheckAsync(orderId, cancellation);
                return NotPayable();
            }
        }

        order = (await db.FindOrderAsync(caller, orderId, cancellation))!;
        return order.Status == OrderStatus.Canceled ? NotPayable() : TypedResults.Ok(order.Payment!.ToResponse());
    }

    private static ProblemHttpResult NotPayable() => Problems.Conflict("order_not_payable", "This order was canceled. Order again with `CreateCart` and `Checkout`.");
}
