import type { Card } from "./simulator";

export interface CardFields {
  number: string;
  expiry: string;
  cvc: string;
}

/** Formats "4242 4242 4242 4242" as it is typed. */
export function groupedNumber(text: string): string {
  return text
    .replace(/\D/g, "")
    .slice(0, 19)
    .replace(/(\d{4})(?=\d)/g, "$1 ");
}

/** Formats "12 / 34" as it is typed; a first digit above 1 is a one-digit month. */
export function expiryText(text: string, before: string): string {
  const digits = text.replace(/\D/g, "").slice(0, 4);
  const month = digits.length === 1 && Number(digits) > 1 ? `0${digits}` : digits;
  // Deleting past the slash removes the slash.
  return month.length > 2 || (month.length === 2 && text.length > before.length) ? `${month.slice(0, 2)} / ${month.slice(2)}` : month;
}

export function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

export function readCard(
  { number, expiry, cvc }: CardFields,
  now: Date,
): { card: Card } | { errors: Partial<Record<keyof CardFields, string>> } {
  const digits = number.replace(/\D/g, "");
  const [, month, year] = /^(\d{2}) \/ (\d{2})$/.exec(expiry) ?? [];
  const expiryMonth = Number(month);
  const expiryYear = 2000 + Number(year);
  const errors: Partial<Record<keyof CardFields, string>> = {};
  if (digits.length < 12 || !passesLuhn(digits)) {
    errors.number = "Check the card number: a digit is missing or wrong.";
  }

  if (!month || expiryMonth < 1 || expiryMonth > 12) {
    errors.expiry = "Enter month and year, such as 04 / 29.";
  } else if (expiryYear * 12 + expiryMonth < now.getFullYear() * 12 + now.getMonth() + 1) {
    errors.expiry = "This card has expired.";
  }

  if (!/^\d{3,4}$/.test(cvc)) {
    errors.cvc = "Three or four digits, on the back of the card.";
  }

  return Object.keys(errors).length > 0 ? { errors } : { card: { number: digits, expiryMonth, expiryYear, cvc } };
}
