import { currencies } from "@proofsheet/sdk";
import { describe, expect, it } from "vitest";
import { currencyDecimals, formatMoney, times } from "../src/lib/money";

const plain = (text: string) => text.replace(/\s/g, " ");

describe("formatMoney", () => {
  it.each([
    [1299, "USD", "en-US", "$12.99"],
    [5, "USD", "en-US", "$0.05"],
    [0, "EUR", "en-US", "€0.00"],
    [1299, "JPY", "en-US", "¥1,299"],
    [1, "JPY", "en-US", "¥1"],
    [12345, "KWD", "en-US", "KWD 12.345"],
    [-1190, "USD", "en-US", "-$11.90"],
    [-5, "USD", "en-US", "-$0.05"],
    [450000, "HUF", "en-US", "HUF 4,500.00"],
    [15000000, "IDR", "en-US", "IDR 150,000.00"],
    [8000000, "COP", "en-US", "COP 80,000.00"],
    [999999999999, "IDR", "en-US", "IDR 9,999,999,999.99"],
    [123456, "EUR", "de-DE", "1.234,56 €"],
  ])("writes %i of %s for %s as %s", (amount, currency, locale, text) => {
    expect(plain(formatMoney({ amount, currency }, locale))).toBe(text);
  });

  it("loses no digit of an amount that a number could not divide exactly", () => {
    expect(formatMoney({ amount: 9007199254740991, currency: "USD" }, "en-US")).toBe("$90,071,992,547,409.91");
  });
});

it("knows the digits of a currency's minor unit", () => {
  expect([currencyDecimals("USD"), currencyDecimals("JPY"), currencyDecimals("KWD"), currencyDecimals("HUF")]).toEqual([2, 0, 3, 2]);
});

it.each(Object.entries(currencies))("writes amounts of %s with the decimals of the API", (currency, { decimals }) => {
  for (const locale of ["en-US", "de-DE", "hu-HU", "id-ID", "es-CO", "ar-KW", "ja-JP"]) {
    const digits = new Intl.NumberFormat(locale, { useGrouping: false });
    // Written with other digits in some languages.
    const ascii = (text: string) =>
      [...text].map((c) => "0123456789"[[..."0123456789"].findIndex((d) => digits.format(Number(d)) === c)] ?? c).join("");
    const text = ascii(formatMoney({ amount: 1234567, currency }, locale)).replace(/[^\d]/g, "");
    expect(text).toBe("1234567");
    const separator = new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === "decimal")!.value;
    const fraction = ascii(formatMoney({ amount: 1234567, currency }, locale))
      .split(separator)
      .slice(1)
      .at(-1);
    expect(decimals === 0 ? "" : (/^\d+/.exec(fraction ?? "")?.[0] ?? "")).toHaveLength(decimals);
  }
});

it("multiplies whole minor units", () => {
  expect(times({ amount: 333, currency: "EUR" }, 3)).toEqual({ amount: 999, currency: "EUR" });
});
