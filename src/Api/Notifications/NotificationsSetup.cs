using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Galleries.Invitations;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Selections;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

internal static class NotificationsSetup
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddScoped<Notifier>();
        services.AddScoped<OrderAddresses>();
        services.AddOutboxHandler<OrderPaid, MailOrderConfirmation>("notifications.order_confirmation");
        services.AddOutboxHandler<OrderPaymentFailed, MailPaymentFailed>("notifications.payment_failed");
        services.AddOutboxHandler<DownloadsReady, MailDownloadsReady>("notifications.downloads_ready");
        services.AddOutboxHandler<MemberInvited, MailInvitation>("notifications.invitation");
        services.AddOutboxHandler<GalleryInvitationIssued, MailGalleryInvitation>("notifications.gallery_invitation");
        services.AddOutboxHandler<EmailCodeIssued, MailEmailCode>("notifications.email_code");
        services.AddOutboxHandler<SelectionSubmitted, MailSelectionSubmitted>("notifications.selection_submitted");
        return services;
    }
}
