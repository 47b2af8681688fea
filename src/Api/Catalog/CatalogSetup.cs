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
        routes.MapListProducts();
        routes.MapGetProduct();
        routes.MapUpdateProduct();
        routes.MapDeleteProduct();
        routes.MapCreatePriceSheet();
        routes.MapListPriceSheets();
        routes.MapGetPriceSheet();
        routes.MapUpdatePriceSheet();
        routes.MapDeletePriceSheet();
        routes.MapSetPrices();
        routes.MapCreateDiscount();
        routes.MapListDiscounts();
        routes.MapGetDiscount();
        routes.MapUpdateDiscount();
        routes.MapDeleteDiscount();
        routes.MapGetCommerceSettings();
        routes.MapSetCommerceSettings();
        routes.MapListGalleryProducts();
        routes.MapAssignPriceSheet();
    }
}
