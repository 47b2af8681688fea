using Proofsheet.Api.Galleries.Visitors;

namespace Proofsheet.Api.Selections;

internal static class SelectionsSetup
{
    public static IServiceCollection AddSelections(this IServiceCollection services) => services.AddScoped<IVisitorBelongings, VisitorSelections>();

    public static void MapSelections(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateSelection();
        routes.MapListSelections();
        routes.MapGetSelection();
        routes.MapUpdateSelection();
        routes.MapPickPhoto();
        routes.MapUnpickPhoto();
        routes.MapSubmitSelection();
        routes.MapLockSelection();
        routes.MapReopenSelection();
        routes.MapExportSelection();
    }
}
