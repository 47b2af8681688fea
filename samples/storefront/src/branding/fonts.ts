const SERIF = `"Cormorant Garamond Variable", "Hoefler Text", Garamond, "Times New Roman", serif`;
const SANS = `"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;

/**
 * The fonts that a studio may name, as stacks of what most systems bring along; each ends in one of the two that are bundled
 * or in a generic one. Nothing is fetched from elsewhere.
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

/** Names are an open list: one that is not known here is shown in the storefront's own pair. */
export function fontStack(name: string | null | undefined, use: "heading" | "body"): string {
  return STACKS[name ?? ""] ?? (use === "heading" ? SERIF : SANS);
}
