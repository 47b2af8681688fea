import { countries as known } from "@proofsheet/sdk";
import type { Order, Visitor } from "../api";

export interface CheckoutForm {
  email: string;
  name: string;
  line1: string;
  line2: string;
  city: string;
  postalCode: string;
  region: string;
  country: string;
  note: string;
}

/** What the form begins with: who the visitor said they are, where their last order went, and otherwise the studio's country. */
export function knownForm(
  visitor: { name: Visitor["name"]; email: Visitor["email"] } | undefined,
  orders: readonly Pick<Order, "createdAt" | "name" | "email" | "shippingAddress">[] = [],
  studioCountry = "US",
): CheckoutForm {
  const latest = [...orders].sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt));
  const address = latest.find((order) => order.shippingAddress)?.shippingAddress;
  return {
    email: visitor?.email ?? latest[0]?.email ?? "",
    name: visitor?.name ?? latest[0]?.name ?? "",
    line1: address?.line1 ?? "",
    line2: address?.line2 ?? "",
    city: address?.city ?? "",
    postalCode: address?.postalCode ?? "",
    region: address?.region ?? "",
    country: address?.country ?? studioCountry,
    note: "",
  };
}

export function checkoutErrors(form: CheckoutForm, ships: boolean): Partial<Record<keyof CheckoutForm, string>> {
  const errors: Partial<Record<keyof CheckoutForm, string>> = {};
  if (!/^[^\s@]+@[^\s@]+$/.test(form.email.trim())) {
    errors.email = "Enter an e-mail address, such as anna@example.com.";
  }

  const needed: [keyof CheckoutForm, string][] = [
    ["name", "Enter your name."],
    ...(ships
      ? ([
          ["line1", "Enter the street and number."],
          ...(hasPostalCodes(form.country) ? [["postalCode", "Enter the postal code."]] : []),
          ["city", "Enter the city."],
        ] as [keyof CheckoutForm, string][])
      : []),
  ];
  for (const [name, message] of needed) {
    if (!form[name].trim()) {
      errors[name] = message;
    }
  }

  return errors;
}

/** False where addresses have none, so the form does not ask for it. */
export function hasPostalCodes(country: string): boolean {
  return known[country]?.hasPostalCodes ?? true;
}

/** The countries, named and sorted in the reader's language. */
export function countries(locale?: string): { code: string; name: string }[] {
  return Object.keys(known)
    .map((code) => ({ code, name: countryName(code, locale) }))
    .sort((one, other) => one.name.localeCompare(other.name, locale));
}

export function countryName(code: string, locale?: string): string {
  return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
}
