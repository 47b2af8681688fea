import type { Money } from "../api";

// The SDK's decimals are the API's; a browser's own table has others for HUF, IDR and COP.
export { currencyDecimals, formatMoney } from "@proofsheet/sdk";

export function times(money: Money, quantity: number): Money {
  return { amount: money.amount * quantity, currency: money.currency };
}
