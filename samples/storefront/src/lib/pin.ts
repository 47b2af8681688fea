export const PIN_LENGTH = 6;

/** The digits of typed or pasted text, at most as many as a PIN has. */
export function pinDigits(text: string): string {
  return text.normalize("NFKC").replace(/\D/g, "").slice(0, PIN_LENGTH);
}

export function isWholePin(pin: string): boolean {
  return new RegExp(`^\\d{${PIN_LENGTH}}$`).test(pin);
}
