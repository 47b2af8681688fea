import { contrast, luminance, mix, onColor, parseHex, type Rgb, readable, toHex } from "./contrast";

export interface BrandColors {
  primaryColor?: string | null;
  accentColor?: string | null;
  backgroundColor?: string | null;
  textColor?: string | null;
}

const LIGHT = { paper: [251, 250, 247] as Rgb, ink: [29, 27, 25] as Rgb };
const DARK = { paper: [20, 19, 18] as Rgb, ink: [241, 237, 230] as Rgb };

/**
 * The page's colors, derived from the studio's, as CSS custom properties. A brand has one set of colors, but a gallery may be light or dark: the
 * brand's background is used when it fits. Colors that would be hard to read are adjusted until they are not (WCAG AA: 4.5 for text, 3 for
 * other marks).
 */
export function palette(brand: BrandColors, mode: "light" | "dark"): Record<string, string> {
  const house = mode === "dark" ? DARK : LIGHT;
  const wanted = parseHex(brand.backgroundColor);
  const fits = wanted !== null && (mode === "dark" ? luminance(wanted) < 0.12 : luminance(wanted) > 0.55);
  const paper = fits ? wanted : house.paper;
  const wantedInk = parseHex(brand.textColor);
  const ink = wantedInk && contrast(wantedInk, paper) >= 7 ? wantedInk : fits && wantedInk ? readable(wantedInk, paper, 7) : house.ink;
  const primary = readable(parseHex(brand.primaryColor) ?? ink, paper, 3);
  const accent = readable(parseHex(brand.accentColor) ?? primary, paper, 3);
  const surface = mix(paper, ink, mode === "dark" ? 0.07 : 0.035);
  // The lighter of the two backgrounds.
  const raised = mode === "dark" ? surface : paper;
  return Object.fromEntries(
    Object.entries({
      "--paper": paper,
      "--ink": ink,
      "--muted": readable(mix(ink, paper, 0.38), surface, 4.6),
      "--line": mix(paper, ink, 0.14),
      "--edge": readable(mix(paper, ink, 0.42), raised, 3),
      "--surface": surface,
      "--primary": primary,
      "--on-primary": onColor(primary),
      "--primary-text": readable(primary, surface, 4.6),
      "--accent": accent,
      "--on-accent": onColor(accent),
      "--accent-text": readable(accent, surface, 4.6),
      "--danger": readable([176, 42, 30], surface, 4.6),
      "--good": readable([38, 112, 74], surface, 4.6),
    } satisfies Record<string, Rgb>).map(([name, color]) => [name, toHex(color)]),
  );
}
