using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Carts;
using Proofsheet.Api.Catalog.Discounts;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders.Placing;

/// <summary>
/// Turns a cart into an order in one transaction: the cart's lock, the checks, the discount's redemption, the stock of
/// limited editions, the number, the snapshots. Rows are locked in this order everywhere, which prevents deadlocks.
/// </summary>
internal sealed class PlaceOrder(
    ProofsheetDb db, TenantContext tenant, Caller caller, CartChanges carts, IPaymentProvider provider, IOptions<OrderOptions> options, TimeProvider clock)
{
    public async Task<(Id<Order> Order, ProblemHttpResult? Refusal)> RunAsync(Id<Cart> cartId, CheckoutRequest request, CancellationToken cancellation)
    {
        await OrderCounter.EnsureAsync(db, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var cart = await carts.TakeAsync(cartId, cancellation);
        if (cart is null)
        {
            return (default, Problems.NotFound("cart"));
        }

        var hash = request.Hash();
        if (cart.IsOrdered)
        {
            var placed = await db.Set<Order>().AsNoTracking().SingleAsync(o => o.CartId == cartId, cancellation);
            return placed.RequestHash == hash ? (placed.Id, null) : (default, CartChanges.Ordered());
        }

        // A refusal returns without a commit, so nothing that was reserved on the way is kept.
        var now = clock.GetUtcNow();
        if (await RefusalAsync(cart, request, now, cancellation) is { } refusal)
        {
            return (default, refusal);
        }

        var order = await MakeAsync(cart, request, hash, now, cancellation);
        db.Add(order);
        cart.BecomeOrder(order.Id.ToString());
        db.Publish(tenant.Current, new OrderPlaced(order.Id), now);
        if (order.Total == 0)
        {
            order.Payment!.SucceedWithoutMoney(now);
            order.Pay(now);
            db.Publish(tenant.Current, new OrderPaid(order.Id), now);
        }
        else
        {
            db.Publish(tenant.Current, new OrderExpiryDue(order.Id), now, TimeSpan.FromHours(options.Value.UnpaidHours));
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (order.Id, null);
    }

    private async Task<ProblemHttpResult?> RefusalAsync(Cart cart, CheckoutRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        if (cart.Items.Count == 0)
        {
            return Problems.Rule("cart_empty", "The cart is empty.");
        }

        if (request.ExpectedTotal.Currency != cart.Currency)
        {
            return Problems.Rule("currency_mismatch", $"This cart is in {cart.Currency}.", "expectedTotal.currency");
        }

        if (cart.QuoteExpiresAt <= now)
        {
            return Problems.Conflict("quote_changed", "The prices of this cart held until `quoteExpiresAt`. Get the present ones with `RefreshCart` and look at the total.");
        }

        if (await cart.ProblemsAsync(db, cancellation) is { Count: > 0 } problems)
        {
            return Problems.Conflict("cart_item_unavailable", $"{problems.Count} of the cart's items cannot be bought any more; the cart says which. Take them out with `RemoveCartItem`.");
        }

        var total = cart.Totals().Total;
        if (request.ExpectedTotal.Amount != total)
        {
            return Problems.Conflict("quote_changed", $"The total is {new Money(total, cart.Currency)}, not what was expected. Read the cart again with `GetCart`.");
        }

        if (total > Currencies.MaxAmount(cart.Currency))
        {
            return Problems.Rule("total_too_large", $"An order can total {Currencies.MaxAmountText(cart.Currency)} at most. Make several orders.");
        }

        if (cart.RequiresShipping && cart.ShippingMethods.Count > 0 && cart.Shipping is null)
        {
            return Problems.Rule("shipping_method_required", "Choose one of the cart's `shippingMethods` with `SetCartShipping`.");
        }

        if (cart.Shipping is not null && request.ShippingAddress is null)
        {
            return Problems.Rule("shipping_address_required", "Prints are shipped, so `shippingAddress` is required.", "shippingAddress");
        }

        if (cart.Discount is { } discount && !await db.Set<Discount>().TryRedeemAsync(discount.Id, now, cancellation))
        {
            return Problems.Conflict("discount_unavailable", "The discount code has expired or is used up. Remove it with `RemoveCartDiscount` and look at the total.");
        }

        foreach (var items in cart.Items.GroupBy(i => i.ProductId).OrderBy(g => g.Key))
        {
            var quantity = items.Sum(i => i.Quantity);
            // Decrements limited stock. For a product of unlimited stock it updates no row, which is then not a shortage.
            var taken = await db.Set<Product>().Where(p => p.Id == items.Key && p.Stock >= quantity)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Stock, p => p.Stock - quantity), cancellation);
            if (taken == 0 && !await db.Set<Product>().AnyAsync(p => p.Id == items.Key && p.Stock == null, cancellation))
            {
                return Problems.Conflict("cart_item_unavailable", "Fewer are left of a limited edition than the cart holds.");
            }
        }

        return null;
    }

    private async Task<Order> MakeAsync(Cart cart, CheckoutRequest request, string hash, DateTimeOffset now, CancellationToken cancellation)
    {
        var photoIds = cart.Items.Select(i => i.PhotoId).Distinct().ToList();
        var photos = await db.Set<Photo>().AsNoTracking().Where(p => photoIds.Contains(p.Id))
            .Select(p => new { p.Id, p.CurrentVersion.Number, p.CurrentVersion.FileName, p.CurrentVersion.Sha256 }).ToDictionaryAsync(p => p.Id, cancellation);
        var totals = cart.Totals();
        var id = Id<Order>.New(now);
        return new Order
        {
            Id = id,
            Number = await OrderCounter.TakeAsync(db, cancellation),
            GalleryId = cart.GalleryId,
            VisitorId = cart.VisitorId,
            SessionId = caller.SessionId,
            CartId = cart.Id,
            RequestHash = hash,
            Email = EmailAddress.Read(request.Email),
            EmailKey = EmailAddress.Key(request.Email),
            Name = request.Name.Trim(),
            ShippingAddress = cart.RequiresShipping ? request.ShippingAddress : null,
            ShippingMethod = cart.Shipping,
            Note = request.Note,
            Currency = cart.Currency,
            Subtotal = totals.Subtotal,
            Discount = totals.Discount,
            Shipping = totals.Shipping,
            Tax = totals.Tax,
            Total = totals.Total,
            TaxName = cart.TaxName,
            TaxBasisPoints = cart.TaxBasisPoints,
            IsTaxIncluded = cart.IsTaxIncluded,
            QuotedDiscount = cart.Discount,
            PriceSheetId = cart.PriceSheetId,
            PriceSheetVersion = cart.PriceSheetVersion,
            CreatedAt = now,
            Payment = new Payment
            {
                Id = Id<Payment>.New(now),
                OrderId = id,
                Provider = totals.Total == 0 ? Payment.NoProvider : provider.Name,
                Amount = totals.Total,
                Currency = cart.Currency,
                CreatedAt = now,
            },
            Items =
            [
                .. cart.Items.Select((item, i) => new OrderItem
                {
                    Id = Id<OrderItem>.New(now),
                    OrderId = id,
                    Position = i,
                    PhotoId = item.PhotoId,
                    PhotoVersion = photos[item.PhotoId].Number,
                    PhotoSha256 = photos[item.PhotoId].Sha256,
                    FileName = photos[item.PhotoId].FileName,
                    ProductId = item.ProductId,
                    ProductName = item.ProductName,
                    Type = item.Type,
                    DigitalSize = item.DigitalSize,
                    WidthMm = item.WidthMm,
                    HeightMm = item.HeightMm,
                    Options = item.Options,
                    Quantity = item.Quantity,
                    UnitAmount = item.UnitAmount,
                    LineAmount = totals.Lines[i].Total,
                    DiscountAmount = totals.Lines[i].Discount,
                    TaxAmount = totals.Lines[i].Tax,
                    Crop = item.Crop,
                }),
            ],
        };
    }
}
