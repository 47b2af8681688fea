import type { Money } from "../api";

/** The number of decimals of a currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** "$12.99" from 1299 minor units. The amount is passed to the formatter as a string, so that no digit is lost. */
export function formatMoney(money: Money, locale?: string): string {
  const digits = minorDigits(money.currency);
  const text = String(Math.abs(money.amount)).padStart(digits + 1, "0");
  const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  const signed = money.amount < 0 ? `-${decimal}` : decimal;
  return new Intl.NumberFormat(locale, { style: "currency", currency: money.currency }).format(signed as Intl.StringNumericLiteral);
}

export function times(money: Money, quantity: number): Money {
  return { amount: money.amount * quantity, currency: money.currency };
}
