using System.ComponentModel.DataAnnotations;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Orders.Opening;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Api.Orders.Placing;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Orders;

internal sealed class OrderOptions
{
    /// <summary>An order that has not been paid after this many hours is canceled.</summary>
    [Range(1, 24 * 90)]
    public int UnpaidHours { get; init; } = 72;

    /// <summary>How many days the link in an order's email opens the order.</summary>
    [Range(1, 3_650)]
    public int LinkDays { get; init; } = 180;
}

internal static class OrdersSetup
{
    public static IServiceCollection AddOrders(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OrderOptions>().Bind(configuration.GetSection("Orders")).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<OrderPayments>();
        services.AddScoped<PlaceOrder>();
        services.AddScoped<IVisitorBelongings, VisitorOrders>();
        services.AddScoped<IKeepsOriginals, OrderedOriginals>();
        services.AddSingleton<OrderLinks>();
        services.AddOutboxEvent<OrderPlaced>();
        services.AddOutboxEvent<OrderCanceled>();
        services.AddOutboxHandler<PaymentCheckDue, CheckPayment>("orders.check_payment");
        services.AddOutboxHandler<OrderExpiryDue, ExpireOrder>("orders.expire_order");
        services.AddOutboxHandler<OrderCodeRequested, IssueOrderCode>("orders.issue_code");
        services.AddOutboxHandler<RefundDue, GiveRefund>("orders.refund_payment");
        return services;
    }

    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        routes.MapCheckout();
        routes.MapListOrders();
        routes.MapGetOrder();
        routes.MapCancelOrder();
        routes.MapUpdateOrder();
        routes.MapUpdateOrderItem();
        routes.MapPayOrder();
        routes.MapOpenOrder();
        routes.MapRequestOrderCode();
        routes.MapReceivePaymentWebhook();
        if (routes.ServiceProvider.GetRequiredService<IPaymentProvider>().Name == routes.ServiceProvider.GetRequiredService<PaymentSimulator>().Name)
        {
            routes.MapCreateSimulatorToken();
            routes.MapAuthenticateSimulatorPayment();
        }
    }
}
