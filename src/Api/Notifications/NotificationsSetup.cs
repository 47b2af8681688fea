using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Galleries.Invitations;
using Proofsheet.Api.Galleries.Lifecycle;
using Proofsheet.Api.Galleries.Visitors;
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
        services.AddScoped<MailWork>();
        services.AddScoped<MailPictures>();
        services.AddMailHandler<OrderPaid, MailOrderConfirmation>("notifications.order_confirmation");
        services.AddMailHandler<OrderPaid, MailOrderToStudio>("notifications.order_to_studio");
        services.AddMailHandler<OrderPaymentFailed, MailPaymentFailed>("notifications.payment_failed");
        services.AddMailHandler<DownloadsReady, MailDownloadsReady>("notifications.downloads_ready");
        services.AddMailHandler<MemberInvited, MailInvitation>("notifications.invitation");
        services.AddMailHandler<GalleryInvitationIssued, MailGalleryInvitation>("notifications.gallery_invitation");
        services.AddMailHandler<EmailCodeIssued, MailEmailCode>("notifications.email_code");
        services.AddMailHandler<GuessingNoticed, MailGuessing>("notifications.guessing_noticed");
        services.AddMailHandler<SelectionSubmitted, MailSelectionSubmitted>("notifications.selection_submitted");
        services.AddMailHandler<GalleryExpiryNear, MailGalleryExpiry>("notifications.gallery_expiry");
        return services;
    }

    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapListUndeliveredMails();
        routes.MapResendMail();
    }

    private static void AddMailHandler<TEvent, THandler>(this IServiceCollection services, string name)
        where TEvent : IOutboxEvent
        where THandler : class, IHandle<TEvent>
    {
        services.AddScoped<THandler>();
        services.AddSingleton(new MailHandlerName<TEvent, THandler>(name));
        services.AddOutboxHandler<TEvent, MailHandler<TEvent, THandler>>(name);
    }
}
