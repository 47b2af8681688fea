import { describe, expect, it } from "vitest";
import { countries, currencies, currencyDecimals, formatMoney } from "../src/index.js";

const plain = (text: string) => text.replace(/\s/g, " ");

describe("money", () => {
  it.each([
    [450000, "HUF", "HUF 4,500.00"],
    [15000000, "IDR", "IDR 150,000.00"],
    [8000000, "COP", "COP 80,000.00"],
    [12345, "KWD", "KWD 12.345"],
    [1500, "JPY", "¥1,500"],
    [1299, "USD", "$12.99"],
    [-5, "USD", "-$0.05"],
  ])("writes %i minor units of %s as %s", (amount, currency, text) => {
    expect(plain(formatMoney({ amount, currency }, "en"))).toBe(text);
  });

  it("takes the browser's decimals for a currency that a newer API may have", () => {
    expect(currencies.XAF).toBeUndefined();
    expect(currencyDecimals("XAF")).toBe(0);
  });
});

it("knows where addresses have postal codes", () => {
  expect([countries.GB, countries.HK, countries.UK]).toEqual([{ hasPostalCodes: true }, { hasPostalCodes: false }, undefined]);
});
