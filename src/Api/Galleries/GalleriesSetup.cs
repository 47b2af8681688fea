using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Galleries.Invitations;
using Proofsheet.Api.Galleries.Lifecycle;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Galleries.Storefront;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Studios.Onboarding;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Galleries;

internal static class GalleriesSetup
{
    public static IServiceCollection AddGalleries(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorefrontOptions>().Bind(configuration.GetSection("Storefront")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorefrontOptions>, StorefrontOptions.Validation>();
        services.AddOptions<UnlockOptions>().Bind(configuration.GetSection("Galleries:Unlock")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<GalleryAddresses>();
        services.AddSingleton<GallerySecrets>();
        services.AddScoped<GalleryResponses>();
        services.AddScoped<SlugClaims>();
        services.AddScoped<AttemptCounters>();
        services.AddScoped<GuessWatch>();
        services.AddScoped<UnlockGuard>();
        services.AddScoped<Unlocking>();
        services.AddScoped<VisitorSessions>();
        services.AddScoped<VisitorMerging>();
        services.AddScoped<VisitorProof>();
        services.AddScoped<EmailCodes>();
        services.AddSingleton<InvitationLinks>();
        services.AddScoped<IClientReferences, ClientsInGalleries>();
        services.AddScoped<IVisitorGate, VisitorGate>();
        services.AddScoped<IOnboardingStep, GalleryStep>();
        services.TryAddScoped<IGalleryFrontDetails, NoPhotos>();
        services.AddHostedService<CounterSweeper>();
        services.AddSingleton<VisitorSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<VisitorSweeper>());
        services.AddOutboxEvent<GalleryPublished>();
        services.AddOutboxHandler<GalleryPurgeDue, PurgeGallery>("galleries.purge_gallery");
        return services;
    }

    public static void MapGalleries(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateGallery();
        routes.MapListGalleries();
        routes.MapGetGallery();
        routes.MapUpdateGallery();
        routes.MapSetGalleryAccess();
        routes.MapPublishGallery();
        routes.MapUnpublishGallery();
        routes.MapArchiveGallery();
        routes.MapDeleteGallery();
        routes.MapRestoreGallery();
        routes.MapGetGalleryQr();
        routes.MapCreateSection();
        routes.MapListSections();
        routes.MapUpdateSection();
        routes.MapDeleteSection();
        routes.MapReorderSections();
        routes.MapListVisitors();
        routes.MapGetVisitor();
        routes.MapUpdateVisitor();
        routes.MapMergeVisitor();
        routes.MapRequestVisitorCode();
        routes.MapConfirmVisitorCode();
        routes.MapListVisitorSessions();
        routes.MapRevokeVisitorSession();
        routes.MapCreateGalleryInvitation();
        routes.MapListGalleryInvitations();
        routes.MapResendGalleryInvitation();
        routes.MapRevokeGalleryInvitation();
        routes.MapGetStorefront();
        routes.MapListStorefrontGalleries();
        routes.MapGetGalleryFront();
        routes.MapUnlockGallery();
        routes.MapRefreshVisit();
        routes.MapRedeemLink();
    }
}
