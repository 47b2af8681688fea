export type Rgb = readonly [number, number, number];

export function parseHex(color: string | null | undefined): Rgb | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color ?? "");
  return match ? [parseInt(match[1]!, 16), parseInt(match[2]!, 16), parseInt(match[3]!, 16)] : null;
}

export function toHex(color: Rgb): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** The relative luminance of WCAG, from 0 for black to 1 for white. */
export function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 for equal colors to 21 for black on white. */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map((index) => from[index]! + (to[index]! - from[index]!) * share) as unknown as Rgb;
}

/** The color itself if its contrast is sufficient; otherwise the nearest shade of it, toward black or white, that has enough. */
export function readable(color: Rgb, background: Rgb, least: number): Rgb {
  const end: Rgb = luminance(background) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let step = 0; step <= 20; step++) {
    const shade = parseHex(toHex(mix(color, end, step / 20)))!;
    if (contrast(shade, background) >= least) {
      return shade;
    }
  }

  return end;
}

/** Black or white, whichever is easier to read on the color. */
export function onColor(color: Rgb): Rgb {
  return contrast([255, 255, 255], color) >= contrast([0, 0, 0], color) ? [255, 255, 255] : [0, 0, 0];
}
