using Proofsheet.Api.Downloads;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Outbox;
using Proofsheet.Api.Selections;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Notifications;

internal static class NotificationsSetup
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddScoped<Notifier>();
        services.AddOutboxHandler<OrderPaid, MailOrderConfirmation>();
        services.AddOutboxHandler<OrderPaymentFailed, MailPaymentFailed>();
        services.AddOutboxHandler<DownloadsReady, MailDownloadsReady>();
        services.AddOutboxHandler<MemberInvited, MailInvitation>();
        services.AddOutboxHandler<SelectionSubmitted, MailSelectionSubmitted>();
        return services;
    }
}
