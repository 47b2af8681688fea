using Proofsheet.Api.Catalog.Discounts;
using Proofsheet.Api.Catalog.Offers;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Catalog.Settings;

namespace Proofsheet.Api.Catalog;

internal static class CatalogSetup
{
    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateProduct();
        routes.MapReadProducts();
        routes.MapUpdateProduct();
        routes.MapDeleteProduct();
        routes.MapCreatePriceSheet();
        routes.MapReadPriceSheets();
        routes.MapUpdatePriceSheet();
        routes.MapDeletePriceSheet();
        routes.MapSetPrices();
        routes.MapCreateDiscount();
        routes.MapReadDiscounts();
        routes.MapUpdateDiscount();
        routes.MapDeleteDiscount();
        routes.MapCommerceSettings();
        routes.MapListOffers();
        routes.MapAssignPriceSheet();
    }
}
