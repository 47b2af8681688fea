using Microsoft.EntityFrameworkCore.Diagnostics;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Api.Studios.Onboarding;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Studios;

internal static class StudiosSetup
{
    public static IServiceCollection AddStudios(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<Plans>().Bind(configuration.GetSection("Plans")).ValidateOnStart();
        services.AddOptions<OnboardingOptions>().Bind(configuration.GetSection("Onboarding")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOutboxHandler<LogoReplaced, RemoveOldLogo>("studios.delete_replaced_logo");
        services.AddScoped<IObjectReferenceSource, LogoObjects>();
        services.AddSingleton<MemberDirectory>();
        services.AddScoped<IMemberships, Memberships>();
        services.AddScoped<IInterceptor, MemberChanges>();
        services.AddSingleton<InvitationCodes>();
        services.AddScoped<IOnboardingStep, StudioStep>();
        services.AddScoped<IOnboardingStep, BrandingStep>();
        services.AddScoped<IOnboardingStep>(provider => new KeyStep(isSandbox: true, provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<IOnboardingStep>(provider => new KeyStep(isSandbox: false, provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<IOnboardingStep, MembersStep>();
        return services;
    }

    public static void MapStudios(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateStudio();
        routes.MapListStudios();
        routes.MapCheckStudioSlug();
        routes.MapGetOnboarding();
        routes.MapGetBrand();
        routes.MapListMembers();
        routes.MapUpdateMember();
        routes.MapRemoveMember();
        routes.MapLeaveStudio();
        routes.MapInviteMember();
        routes.MapListInvitations();
        routes.MapResendInvitation();
        routes.MapWithdrawInvitation();
        routes.MapAcceptInvitation();
        routes.MapGetStudio();
        routes.MapUpdateStudio();
        routes.MapGetBranding();
        routes.MapUpdateBranding();
        routes.MapPutLogo();
        routes.MapDeleteLogo();
        routes.MapGetLogo();
        routes.MapCreateWatermark();
        routes.MapListWatermarks();
        routes.MapGetWatermark();
        routes.MapUpdateWatermark();
        routes.MapDeleteWatermark();
    }
}
