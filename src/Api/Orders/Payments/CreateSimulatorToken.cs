using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;

namespace Proofsheet.Api.Orders.Payments;

internal sealed record CreateSimulatorTokenRequest
{
    /// <summary>The number of a test card, such as 4242424242424242. Other numbers are refused, so that no real card is sent here.</summary>
    [Required, StringLength(32, MinimumLength = 12)]
    public required string Number { get; init; }

    [Range(1, 12)]
    public required int ExpiryMonth { get; init; }

    /// <summary>Four digits.</summary>
    [Range(2000, 2099)]
    public required int ExpiryYear { get; init; }

    [Required, StringLength(4, MinimumLength = 3)]
    public required string Cvc { get; init; }

    // Records print all fields into logs, and a card must not appear there.
    public override string ToString() => nameof(CreateSimulatorTokenRequest);
}

internal sealed record SimulatorTokenResponse
{
    /// <summary>Send it as paymentToken. It is valid for one hour and contains nothing of the card.</summary>
    public required string Token { get; init; }
}

/// <summary>Replaces a page of a real provider when the simulator handles payments.</summary>
internal static class CreateSimulatorToken
{
    public static void MapCreateSimulatorToken(this IEndpointRouteBuilder routes) => routes
        .MapPost("/payments/simulator/tokens", HandleAsync)
        .WithName("CreateSimulatorToken")
        .WithGroupName(OpenApiSetup.Internal)
        .WithTags("Simulator")
        .WithSummary("Turn a test card into a token")
        .WithDescription("Test cards: 4242424242424242 succeeds, 4000000000000002 is declined, 4000000000009995 has insufficient funds, 4000002500003155 requires "
            + "authentication, 4000000000000077 succeeds later.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .WithMetadata(IdempotencyMode.Repeatable)
        .RequireScope(Scopes.VisitorOrder, Scopes.VisitorOneOrder);

    private static async Task<Results<Ok<SimulatorTokenResponse>, ProblemHttpResult>> HandleAsync(
        CreateSimulatorTokenRequest request, PaymentSimulator simulator, CancellationToken cancellation)
    {
        try
        {
            var card = new CardDetails { Number = request.Number, ExpiryMonth = request.ExpiryMonth, ExpiryYear = request.ExpiryYear, Cvc = request.Cvc };
            return TypedResults.Ok(new SimulatorTokenResponse { Token = await simulator.TokenizeAsync(card, cancellation) });
        }
        catch (PaymentException e)
        {
            return Problems.Rule(e.Code, e.Message, "number");
        }
    }
}
