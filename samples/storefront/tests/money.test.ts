import { describe, expect, it } from "vitest";
import { formatMoney, minorDigits, times } from "../src/lib/money";

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
    [123456, "EUR", "de-DE", "1.234,56 €"],
  ])("writes %i of %s for %s as %s", (amount, currency, locale, text) => {
    expect(plain(formatMoney({ amount, currency }, locale))).toBe(text);
  });

  it("loses no digit of an amount that a number could not divide exactly", () => {
    expect(formatMoney({ amount: 9007199254740991, currency: "USD" }, "en-US")).toBe("$90,071,992,547,409.91");
  });
});

it("knows the digits of a currency's minor unit", () => {
  expect([minorDigits("USD"), minorDigits("JPY"), minorDigits("KWD")]).toEqual([2, 0, 3]);
});

it("multiplies whole minor units", () => {
  expect(times({ amount: 333, currency: "EUR" }, 3)).toEqual({ amount: 999, currency: "EUR" });
});
