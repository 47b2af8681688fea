const SERIF = `"Cormorant Garamond Variable", "Hoefler Text", Garamond, "Times New Roman", serif`;
const SANS = `"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;

/**
 * The fonts that a studio can choose, as stacks of fonts that most systems have; each one ends in one of the two bundled fonts or a generic one.
 * Nothing is loaded from other hosts.
 */
const STACKS: Record<string, string> = {
  "System UI": `system-ui, -apple-system, "Segoe UI", Roboto, ${SANS}`,
  "System Serif": `ui-serif, ${SERIF}`,
  "System Mono": `ui-monospace, Menlo, Consolas, monospace`,
  Arial: `Arial, Helvetica, sans-serif`,
  Avenir: `"Avenir Next", Avenir, Montserrat, ${SANS}`,
  Baskerville: `Baskerville, "Libre Baskerville", "Baskerville Old Face", ${SERIF}`,
  Bodoni: `"Bodoni 72", "Bodoni MT", Didot, ${SERIF}`,
  Charter: `Charter, "Bitstream Charter", "Sitka Text", Cambria, ${SERIF}`,
  Didot: `Didot, "Bodoni 72", "Bodoni MT", ${SERIF}`,
  Futura: `Futura, "Century Gothic", "URW Gothic", ${SANS}`,
  Garamond: SERIF,
  Georgia: `Georgia, Gelasio, "DejaVu Serif", serif`,
  "Gill Sans": `"Gill Sans", "Gill Sans MT", Calibri, ${SANS}`,
  Helvetica: `"Helvetica Neue", Helvetica, Arial, sans-serif`,
  Iowan: `"Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, ${SERIF}`,
  Optima: `Optima, Candara, "Noto Sans", ${SANS}`,
  Palatino: `"Palatino Linotype", Palatino, "Book Antiqua", "URW Palladio L", P052, ${SERIF}`,
  "Segoe UI": `"Segoe UI", ${SANS}`,
  Times: `"Times New Roman", Times, serif`,
  Trebuchet: `"Trebuchet MS", ${SANS}`,
  Verdana: `Verdana, "DejaVu Sans", ${SANS}`,
};

/** The list is open: an unknown name falls back to the storefront's own fonts. */
export function fontStack(name: string | null | undefined, use: "heading" | "body"): string {
  return STACKS[name ?? ""] ?? (use === "heading" ? SERIF : SANS);
}
