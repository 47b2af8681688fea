using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders.Opening;

internal sealed record RequestOrderCodeRequest
{
    /// <summary>The order's number, as in its emails.</summary>
    [OneLine, Required, StringLength(20)]
    public required string Number { get; init; }

    /// <summary>The address that the order was made with.</summary>
    [Required, StringLength(EmailAddress.MaxLength), Email]
    public required string Email { get; init; }
}

/// <summary>Someone wants to open an order by its number and address.</summary>
/// <param name="SealedEmail">Encrypted, because the address may belong to anyone.</param>
internal sealed record OrderCodeRequested(string Number, byte[] SealedEmail) : IOutboxEvent
{
    public const string Purpose = "order-code-email";

    public static string EventName => "orders.code_requested";
}

internal static class RequestOrderCode
{
    public static void MapRequestOrderCode(this IEndpointRouteBuilder routes) => routes
        .MapPost("/storefront/orders/codes", HandleAsync)
        .WithName("RequestOrderCode")
        .WithTags("Storefront")
        .WithSummary("Send a code that opens an order")
        .WithDescription("If there is an order with this number and email address, six digits are sent to it, valid for ten minutes and five tries, for `OpenOrder`. "
            + "The response is the same if there is none. A mailbox gets at most five codes an hour.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .WithMetadata(IdempotencyMode.ClaimedFirst)
        .RequireScope(Scopes.Storefront);

    private static async Task<Results<Accepted, ProblemHttpResult>> HandleAsync(
        RequestOrderCodeRequest request, ProofsheetDb db, TenantContext tenant, Keyring keys, EmailCodes codes, TimeProvider clock, CancellationToken cancellation)
    {
        if (await codes.RefuseAsync(request.Email, cancellation) is { } tooMany)
        {
            return tooMany;
        }

        // Looked up in the background: the time that a response takes tells nothing either.
        db.Publish(tenant.Current, new OrderCodeRequested(request.Number, keys.Seal(OrderCodeRequested.Purpose, Encoding.UTF8.GetBytes(request.Email))), clock.GetUtcNow());
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Accepted((string?)null);
    }
}

/// <summary>Issues the code if there is such an order.</summary>
internal sealed class IssueOrderCode(ProofsheetDb db, Keyring keys, EmailCodes codes) : IHandle<OrderCodeRequested>
{
    public async Task HandleAsync(OrderCodeRequested happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        if (keys.Open(OrderCodeRequested.Purpose, happened.SealedEmail) is { } email
            && await db.FindByNumberAsync(happened.Number, Encoding.UTF8.GetString(email), cancellation) is { } order)
        {
            codes.Issue(OpenOrder.SubjectOf(order.Id), order.Email, $"your order {order.Number}");
            await db.SaveChangesAsync(cancellation);
        }
    }
}
