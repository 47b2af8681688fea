import { expect, it } from "vitest";
import type { Offer } from "../src/api";
import { expiryText, groupedNumber, passesLuhn, readCard } from "../src/shop/card";
import { checkoutErrors, countries, knownForm } from "../src/shop/checkout-form";
import { choose, firstChoices, valuesOf, variantOf } from "../src/shop/variants";

const usd = (amount: number) => ({ amount, currency: "USD" });
const print: Offer = {
  productId: "prd_1",
  name: "Print",
  type: "print",
  description: null,
  digitalSize: null,
  isSoldOut: false,
  options: [
    { name: "Size", values: ["S", "L", "XL"] },
    { name: "Paper", values: ["Matte", "Gloss"] },
  ],
  variants: [
    { options: { Size: "L", Paper: "Matte" }, price: usd(3000), widthMm: 300, heightMm: 200 },
    { options: { Size: "S", Paper: "Matte" }, price: usd(1000), widthMm: 150, heightMm: 100 },
    { options: { Size: "S", Paper: "Gloss" }, price: usd(1200), widthMm: 150, heightMm: 100 },
  ],
};

it("begins with the cheapest variant", () => {
  expect(firstChoices(print)).toEqual({ Size: "S", Paper: "Matte" });
});

it("offers only values that are sold, and marks those that do not go with the rest", () => {
  expect(valuesOf(print, print.options[0]!, { Size: "S", Paper: "Gloss" })).toEqual([
    { value: "S", sold: true },
    { value: "L", sold: false },
  ]);
});

it("takes a variant that exists when a value does not go with the rest", () => {
  const next = choose(print, { Size: "S", Paper: "Gloss" }, "Size", "L");
  expect(variantOf(print, next)?.price.amount).toBe(3000);
});

it("groups a card number while it is typed", () => {
  expect(groupedNumber("42424242424")).toBe("4242 4242 424");
  expect(groupedNumber("4242-4242 4242x4242")).toBe("4242 4242 4242 4242");
});

it("writes the slash of the expiry by itself, and lets it be deleted", () => {
  expect(expiryText("1", "")).toBe("1");
  expect(expiryText("12", "1")).toBe("12 / ");
  expect(expiryText("12 / 3", "12 / ")).toBe("12 / 3");
  expect(expiryText("12 /", "12 / ")).toBe("12");
  expect(expiryText("4", "")).toBe("04 / ");
});

it("finds a digit that was mistyped", () => {
  expect(passesLuhn("4242424242424242")).toBe(true);
  expect(passesLuhn("4242424242424241")).toBe(false);
});

it("takes a card until the end of its month", () => {
  const fields = { number: "4242 4242 4242 4242", expiry: "06 / 30", cvc: "123" };
  expect(readCard(fields, new Date(2030, 5, 30))).toEqual({
    card: { number: "4242424242424242", expiryMonth: 6, expiryYear: 2030, cvc: "123" },
  });
  expect(readCard(fields, new Date(2030, 6, 1))).toHaveProperty("errors.expiry");
  expect(readCard({ ...fields, expiry: "13 / 30" }, new Date(2030, 0, 1))).toHaveProperty("errors.expiry");
});

it("asks for an address only when something is shipped", () => {
  const form = {
    email: "anna@example.com",
    name: "Anna",
    line1: "",
    line2: "",
    city: "",
    postalCode: "",
    region: "",
    country: "US",
    note: "",
  };
  expect(checkoutErrors(form, false)).toEqual({});
  expect(Object.keys(checkoutErrors(form, true))).toEqual(["line1", "postalCode", "city"]);
  expect(checkoutErrors({ ...form, email: "anna" }, false)).toHaveProperty("email");
  for (const country of ["HK", "AE", "QA"]) {
    expect(Object.keys(checkoutErrors({ ...form, country }, true))).toEqual(["line1", "city"]);
  }

  expect(checkoutErrors({ ...form, country: "GB" }, true)).toHaveProperty("postalCode");
});

it("offers every country once, and no code that is none", () => {
  const codes = countries("en").map(({ code }) => code);
  expect(new Set(codes).size).toBe(249);
  expect(codes).toEqual(expect.arrayContaining(["GB", "HK", "AX", "ZW"]));
  expect(codes).not.toEqual(expect.arrayContaining(["UK"]));
  expect(countries("en").every(({ code, name }) => name !== code)).toBe(true);
});

it("names countries in the reader's language", () => {
  expect(countries("de").find((country) => country.code === "DE")?.name).toBe("Deutschland");
});

it("begins the checkout with the visitor, their last address and else the studio's country", () => {
  const order = (createdAt: string, line1: string | null) => ({
    createdAt,
    name: "Elin Holm",
    email: `${createdAt.slice(0, 4)}@example.com`,
    shippingAddress: line1 ? { line1, city: "Oslo", country: "NO" } : null,
  });
  expect(knownForm(undefined, [], "SE")).toMatchObject({ email: "", name: "", country: "SE" });
  expect(knownForm({ name: "Jonas", email: null }, [], "SE")).toMatchObject({ email: "", name: "Jonas", country: "SE" });
  expect(
    knownForm(
      { name: "Jonas", email: "jonas@example.com" },
      [order("2030-01-01T00:00:00Z", "Gata 1"), order("2031-01-01T00:00:00Z", null)],
      "SE",
    ),
  ).toMatchObject({ email: "jonas@example.com", name: "Jonas", line1: "Gata 1", line2: "", postalCode: "", city: "Oslo", country: "NO" });
  expect(
    knownForm({ name: null, email: null }, [order("2030-01-01T00:00:00Z", "Gata 1"), order("2031-01-01T00:00:00Z", "Gata 2")]),
  ).toMatchObject({ email: "2031@example.com", name: "Elin Holm", line1: "Gata 2" });
});
