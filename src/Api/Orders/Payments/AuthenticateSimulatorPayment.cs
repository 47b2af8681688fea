using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders.Payments;

internal sealed record AuthenticateSimulatorPaymentRequest
{
    /// <summary>Whether the payer approves the payment.</summary>
    public required bool IsApproved { get; init; }
}

/// <summary>Replaces a page of a real provider when the simulator handles payments.</summary>
internal static class AuthenticateSimulatorPayment
{
    public static void MapAuthenticateSimulatorPayment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/payments/simulator/{paymentId}/authenticate", HandleAsync)
        .WithName("AuthenticateSimulatorPayment")
        .WithGroupName(OpenApiSetup.Internal)
        .WithTags("Simulator")
        .WithSummary("Authenticate a simulated payment")
        .WithDescription("For a payment whose nextAction is simulator_authentication. Stands in for the page of the payer's bank.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .WithMetadata(IdempotencyMode.Repeatable)
        .RequireScope(Scopes.VisitorOrder, Scopes.VisitorOneOrder);

    private static async Task<Results<Ok<PaymentResponse>, ProblemHttpResult>> HandleAsync(
        Id<Payment> paymentId, AuthenticateSimulatorPaymentRequest request, ProofsheetDb db, Caller caller, PaymentSimulator simulator, OrderPayments payments, CancellationToken cancellation)
    {
        var order = await db.OrdersFor(caller).AsNoTracking().Include(o => o.Payment).SingleOrDefaultAsync(o => o.Payment!.Id == paymentId, cancellation);
        if (order?.Payment?.ProviderId is not { } providerId)
        {
            return Problems.NotFound("payment");
        }

        PaymentIntent intent;
        try
        {
            intent = await simulator.AuthenticateAsync(providerId, request.IsApproved, cancellation);
        }
        catch (PaymentException e) when (e.Code == PaymentErrors.WrongState)
        {
            return Problems.Conflict(e.Code, e.Message);
        }

        await payments.SettleAsync(order.Id, intent, isLate: false, CancellationToken.None);
        var settled = await db.Set<Payment>().AsNoTracking().SingleAsync(p => p.Id == paymentId, cancellation);
        return TypedResults.Ok(settled.ToResponse());
    }
}
