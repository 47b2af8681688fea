const words = ["six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/** The digits of typed or pasted text, at most as many as the PIN has. */
export function pinDigits(text: string, length: number): string {
  return text.normalize("NFKC").replace(/\D/g, "").slice(0, length);
}

export function isWholePin(pin: string, length: number): boolean {
  return new RegExp(`^\\d{${length}}$`).test(pin);
}

/** The number of digits in words: PINs have 6 to 12. */
export function digitsInWords(length: number): string {
  return words[length - 6] ?? String(length);
}
