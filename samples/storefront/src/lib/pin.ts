export const PIN_LENGTH = 6;

/** What the boxes hold after text was typed or pasted into a field that held `before`. Anything that is no digit is left out. */
export function pinDigits(text: string): string {
  return text.normalize("NFKC").replace(/\D/g, "").slice(0, PIN_LENGTH);
}

export function isWholePin(pin: string): boolean {
  return new RegExp(`^\\d{${PIN_LENGTH}}$`).test(pin);
}
