namespace Proofsheet.Api.Selections;

internal static class SelectionsSetup
{
    public static void MapSelections(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateSelection();
        routes.MapReadSelections();
        routes.MapUpdateSelection();
        routes.MapPickPhoto();
        routes.MapSubmitSelection();
        routes.MapLockSelection();
        routes.MapExportSelection();
    }
}
