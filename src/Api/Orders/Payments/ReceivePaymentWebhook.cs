using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Api.Payments;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders.Payments;

internal static class ReceivePaymentWebhook
{
    private const int MaxBytes = 64 * 1024;

    public static void MapReceivePaymentWebhook(this IEndpointRouteBuilder routes) => routes
        .MapPost("/webhooks/payments/{provider}", HandleAsync)
        .WithName("ReceivePaymentWebhook")
        .WithGroupName(OpenApiSetup.Internal)
        .WithTags("Webhooks")
        .WithSummary("Receive an event from the payment provider")
        .WithDescription("Called by the provider, with the provider's signature. The event is stored and processed later. An event that is received again changes "
            + "nothing.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .WithMetadata(new NotRateLimited());

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string provider, HttpContext http, ProofsheetDb db, TenantContext tenant, IPaymentProvider payments, TimeProvider clock, CancellationToken cancellation)
    {
        if (provider != payments.Name)
        {
            return Problems.NotFound("payment provider");
        }

        if (await ReadAsync(http.Request.Body, cancellation) is not { } body)
        {
            return Problems.TooLarge("body_too_large", "An event has 64 KiB at most.");
        }

        var webhook = payments.ParseWebhook(http.Request.Headers, body);
        if (webhook.Refusal != WebhookRefusal.None)
        {
            return webhook.Refusal == WebhookRefusal.Malformed
                ? Problems.BadRequest("webhook_malformed", "The event could not be read.")
                : Problems.BadRequest("webhook_signature_invalid", "The signature is missing, wrong or too old.");
        }

        // The event is genuine, so the order it names tells which studio it belongs to.
        if (webhook.Event is not { } happened || !Id<Order>.TryRead(happened.OrderReference, out var orderId)
            || await db.AcrossTenants<Order>().Where(o => o.Id == orderId).Select(o => (Id<Tenant>?)o.TenantId).SingleOrDefaultAsync(cancellation) is not { } owner)
        {
            return TypedResults.NoContent();
        }

        tenant.Set(owner);
        if (await db.Set<PaymentNotice>().AnyAsync(n => n.Provider == provider && n.EventId == happened.Id, cancellation))
        {
            return TypedResults.NoContent();
        }

        var now = clock.GetUtcNow();
        db.Add(new PaymentNotice
        {
            Provider = provider,
            EventId = happened.Id,
            OrderId = orderId,
            Kind = happened.Kind,
            Sequence = happened.Sequence,
            ReceivedAt = now,
        });
        // The provider is asked for the current status, so the order in which events arrive does not matter.
        db.Publish(owner, new PaymentCheckDue(orderId, 0), now);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // The same delivery arrived twice at the same moment; the other one is stored.
        }

        return TypedResults.NoContent();
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length > MaxBytes ? null : buffer.AsMemory(0, length);
    }
}
