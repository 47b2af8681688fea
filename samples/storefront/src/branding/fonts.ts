const SERIF = `"Cormorant Garamond Variable", "Hoefler Text", Garamond, "Times New Roman", serif`;
const SANS = `"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;

/** The fonts a studio may name, as stacks of what is bundled here or on most machines; nothing is fetched from elsewhere. */
const STACKS: Record<string, string> = {
  "cormorant garamond": SERIF,
  cormorant: SERIF,
  garamond: `"EB Garamond", Garamond, ${SERIF}`,
  "eb garamond": `"EB Garamond", Garamond, ${SERIF}`,
  georgia: `Georgia, "Times New Roman", serif`,
  "playfair display": `"Playfair Display", "Didot", "Bodoni MT", ${SERIF}`,
  didot: `Didot, "Bodoni MT", "Playfair Display", ${SERIF}`,
  baskerville: `Baskerville, "Libre Baskerville", Georgia, serif`,
  "libre baskerville": `"Libre Baskerville", Baskerville, Georgia, serif`,
  lora: `Lora, Georgia, serif`,
  merriweather: `Merriweather, Georgia, serif`,
  palatino: `"Palatino Linotype", Palatino, "Book Antiqua", serif`,
  serif: SERIF,
  inter: SANS,
  system: `system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`,
  "system-ui": `system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`,
  helvetica: `"Helvetica Neue", Helvetica, Arial, sans-serif`,
  futura: `Futura, "Century Gothic", "Avenir Next", ${SANS}`,
  avenir: `"Avenir Next", Avenir, "Nunito Sans", ${SANS}`,
  montserrat: `Montserrat, "Avenir Next", ${SANS}`,
  lato: `Lato, "Helvetica Neue", ${SANS}`,
  "sans-serif": SANS,
};

export function fontStack(name: string | null | undefined, use: "heading" | "body"): string {
  const key = (name ?? "").trim().toLowerCase().replaceAll("_", " ");
  return STACKS[key] ?? (use === "heading" ? SERIF : SANS);
}
