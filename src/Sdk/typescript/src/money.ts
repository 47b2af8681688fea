import { currencies } from "./generated/tables.gen.js";
import type { Money } from "./generated/types.gen.js";

/** The decimals of a currency's minor unit, as the API counts them: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyDecimals(currency: string): number {
  // An API that is newer than this SDK may have a currency more; the browser's table is then the best guess.
  return (
    currencies[currency]?.decimals ??
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ??
    2
  );
}

/**
 * Writes an amount for readers, such as "$12.99" for 1299 minor units of USD. The decimals are the API's: browsers take other ones for some currencies,
 * for example none for HUF. No digit is lost, because the amount is given to the formatter as text.
 */
export function formatMoney(money: Money, locale?: string): string {
  const decimals = currencyDecimals(money.currency);
  const text = String(Math.abs(money.amount)).padStart(decimals + 1, "0");
  const decimal = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
  const signed = money.amount < 0 ? `-${decimal}` : decimal;
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: money.currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(signed as Intl.StringNumericLiteral);
}
