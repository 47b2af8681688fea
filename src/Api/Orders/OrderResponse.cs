using Proofsheet.Api.Carts;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Catalog.Settings;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

internal sealed record OrderResponse
{
    public required Id<Order> Id { get; init; }

    /// <summary>The order number for people to read, counted per studio.</summary>
    public required string Number { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    /// <summary>Follows from the payment and the items.</summary>
    public required OrderStatus Status { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    public required ShippingAddress? ShippingAddress { get; init; }

    public required ShippingMethod? ShippingMethod { get; init; }

    public required string? Note { get; init; }

    public required IReadOnlyList<OrderItemResponse> Items { get; init; }

    public required Money Subtotal { get; init; }

    public required Money Discount { get; init; }

    public required Money Shipping { get; init; }

    /// <summary>Added to the total, or included in it if prices include tax.</summary>
    public required Money Tax { get; init; }

    public required Money Total { get; init; }

    public required string TaxName { get; init; }

    /// <summary>The tax rate in ten-thousandths: 1900 is 19 %.</summary>
    public required int TaxBasisPoints { get; init; }

    public required bool IsTaxIncluded { get; init; }

    public required string? DiscountCode { get; init; }

    public required PaymentResponse Payment { get; init; }

    /// <summary>The studio's own data about the order. Null for visitors.</summary>
    public required IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset? PaidAt { get; init; }

    public required DateTimeOffset? CanceledAt { get; init; }
}

internal sealed record OrderItemResponse
{
    public required Id<OrderItem> Id { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    /// <summary>The number of the photo version that was ordered.</summary>
    public required int PhotoVersion { get; init; }

    public required string FileName { get; init; }

    public required string ProductName { get; init; }

    public required ProductType Type { get; init; }

    /// <summary>The size of a file. Null for prints.</summary>
    public required DigitalSize? DigitalSize { get; init; }

    public required int? WidthMm { get; init; }

    public required int? HeightMm { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required int Quantity { get; init; }

    public required Money UnitPrice { get; init; }

    public required Money LineTotal { get; init; }

    /// <summary>This item's share of the order's discount.</summary>
    public required Money Discount { get; init; }

    public required Money Tax { get; init; }

    public required Crop? Crop { get; init; }

    public required OrderItemStatus Status { get; init; }
}

internal sealed record PaymentResponse
{
    public required Id<Payment> Id { get; init; }

    public required OrderPaymentStatus Status { get; init; }

    public required Money Amount { get; init; }

    public required Money Refunded { get; init; }

    /// <summary>A stable code such as card_declined, insufficient_funds or authentication_failed. Null unless the payment was declined.</summary>
    public required string? DeclineCode { get; init; }

    /// <summary>An explanation for the payer. Null unless the payment was declined.</summary>
    public required string? DeclineMessage { get; init; }

    /// <summary>What the payer's browser has to do next. Null if nothing.</summary>
    public required PaymentNextActionResponse? NextAction { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record PaymentNextActionResponse
{
    /// <summary>Either redirect_to_url or simulator_authentication.</summary>
    public required string Type { get; init; }

    public required string? Url { get; init; }
}

internal static class OrderMapper
{
    /// <param name="order">With its items and its payment.</param>
    /// <param name="reader">The caller; visitors see no metadata.</param>
    public static OrderResponse ToResponse(this Order order, Caller reader)
    {
        return new()
        {
            Id = order.Id,
            Number = order.Number,
            GalleryId = order.GalleryId,
            Status = order.Status,
            Email = order.Email,
            Name = order.Name,
            ShippingAddress = order.ShippingAddress,
            ShippingMethod = order.ShippingMethod,
            Note = order.Note,
            Items = [.. order.Items.OrderBy(i => i.Position).Select(i => ToResponse(i, order.Currency))],
            Subtotal = Of(order.Subtotal),
            Discount = Of(order.Discount),
            Shipping = Of(order.Shipping),
            Tax = Of(order.Tax),
            Total = Of(order.Total),
            TaxName = order.TaxName,
            TaxBasisPoints = order.TaxBasisPoints,
            IsTaxIncluded = order.IsTaxIncluded,
            DiscountCode = order.QuotedDiscount?.Code,
            Payment = order.Payment!.ToResponse(),
            Metadata = reader.IsVisitor ? null : order.Metadata,
            CreatedAt = order.CreatedAt,
            UpdatedAt = order.UpdatedAt,
            PaidAt = order.PaidAt,
            CanceledAt = order.CanceledAt,
        };

        Money Of(long amount) => new(amount, order.Currency);
    }

    public static PaymentResponse ToResponse(this Payment payment) => new()
    {
        Id = payment.Id,
        Status = payment.Status,
        Amount = new Money(payment.Amount, payment.Currency),
        Refunded = new Money(payment.RefundedAmount, payment.Currency),
        DeclineCode = payment.DeclineCode,
        DeclineMessage = payment.DeclineMessage,
        NextAction = payment.NextActionType is { } type ? new PaymentNextActionResponse { Type = type, Url = payment.NextActionUrl } : null,
        CreatedAt = payment.CreatedAt,
        UpdatedAt = payment.UpdatedAt,
    };

    private static OrderItemResponse ToResponse(OrderItem item, string currency) => new()
    {
        Id = item.Id,
        PhotoId = item.PhotoId,
        PhotoVersion = item.PhotoVersion,
        FileName = item.FileName,
        ProductName = item.ProductName,
        Type = item.Type,
        DigitalSize = item.DigitalSize,
        WidthMm = item.WidthMm,
        HeightMm = item.HeightMm,
        Options = item.Options,
        Quantity = item.Quantity,
        UnitPrice = new Money(item.UnitAmount, currency),
        LineTotal = new Money(item.LineAmount, currency),
        Discount = new Money(item.DiscountAmount, currency),
        Tax = new Money(item.TaxAmount, currency),
        Crop = item.Crop,
        Status = item.Status,
    };
}
