import type { Cart } from "../api";
import { formatMoney } from "../lib/money";

type TotalsProps = Pick<Cart, "subtotal" | "discount" | "shipping" | "tax" | "total" | "discountCode" | "taxName" | "pricesIncludeTax"> & {
  needsShipping: boolean;
  shippingChosen: boolean;
};

export function Totals({
  subtotal,
  discount,
  shipping,
  tax,
  total,
  discountCode,
  taxName,
  pricesIncludeTax,
  needsShipping,
  shippingChosen,
}: TotalsProps) {
  return (
    <dl className="totals">
      <div>
        <dt>Subtotal</dt>
        <dd>{formatMoney(subtotal)}</dd>
      </div>
      {discount.amount !== 0 && (
        <div>
          <dt>Discount{discountCode ? ` (${discountCode})` : ""}</dt>
          <dd>{formatMoney({ ...discount, amount: -Math.abs(discount.amount) })}</dd>
        </div>
      )}
      {needsShipping && (
        <div>
          <dt>Shipping</dt>
          <dd>{shippingChosen ? formatMoney(shipping) : "Choose below"}</dd>
        </div>
      )}
      {!pricesIncludeTax && (
        <div>
          <dt>{taxName || "Tax"}</dt>
          <dd>{formatMoney(tax)}</dd>
        </div>
      )}
      <div className="totals-total">
        <dt>Total</dt>
        <dd>{formatMoney(total)}</dd>
      </div>
      {pricesIncludeTax && tax.amount !== 0 && (
        <div className="totals-tax">
          <dt>of which {taxName || "tax"}</dt>
          <dd>{formatMoney(tax)}</dd>
        </div>
      )}
    </dl>
  );
}
