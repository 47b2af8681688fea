import type { Cart } from "../api";
import { formatMoney } from "../lib/money";

type TotalsProps = Pick<Cart, "subtotal" | "discount" | "shipping" | "tax" | "total" | "discountCode" | "taxName" | "isTaxIncluded"> & {
  requiresShipping: boolean;
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
  isTaxIncluded,
  requiresShipping,
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
      {requiresShipping && (
        <div>
          <dt>Shipping</dt>
          <dd>{shippingChosen ? formatMoney(shipping) : "Choose below"}</dd>
        </div>
      )}
      {!isTaxIncluded && (
        <div>
          <dt dir="auto">{taxName || "Tax"}</dt>
          <dd>{formatMoney(tax)}</dd>
        </div>
      )}
      <div className="totals-total">
        <dt>Total</dt>
        <dd>{formatMoney(total)}</dd>
      </div>
      {isTaxIncluded && tax.amount !== 0 && (
        <div className="totals-tax">
          <dt>
            of which <bdi>{taxName || "tax"}</bdi>
          </dt>
          <dd>{formatMoney(tax)}</dd>
        </div>
      )}
    </dl>
  );
}
