using System.ComponentModel.DataAnnotations;
using Proofsheet.Api.Galleries.Visitors;

namespace Proofsheet.Api.Carts;

internal sealed class CartOptions
{
    /// <summary>How many hours a cart's prices are valid.</summary>
    [Range(1, 24 * 90)]
    public int QuoteHours { get; init; } = 24;
}

internal static class CartsSetup
{
    public static IServiceCollection AddCarts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CartOptions>().Bind(configuration.GetSection("Carts")).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<CartChanges>();
        services.AddScoped<IVisitorBelongings, VisitorCarts>();
        return services;
    }

    public static void MapCarts(this IEndpointRouteBuilder routes)
    {
        routes.MapCreateCart();
        routes.MapGetCart();
        routes.MapAddCartItem();
        routes.MapUpdateCartItem();
        routes.MapRemoveCartItem();
        routes.MapSetCartDiscount();
        routes.MapRemoveCartDiscount();
        routes.MapSetCartShipping();
        routes.MapRefreshCart();
    }
}
