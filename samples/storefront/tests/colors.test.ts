import { describe, expect, it } from "vitest";
import { contrast, onColor, parseHex, type Rgb, readable } from "../src/branding/contrast";
import { palette } from "../src/branding/palette";

const white: Rgb = [255, 255, 255];
const of = (colors: Record<string, string>, one: string, other: string) => contrast(parseHex(colors[one])!, parseHex(colors[other])!);

it("measures contrast as WCAG does", () => {
  expect(contrast([0, 0, 0], white)).toBeCloseTo(21, 5);
  expect(contrast([119, 119, 119], white)).toBeCloseTo(4.48, 2);
});

it("leaves a color alone that can be read, and moves one that cannot just far enough", () => {
  expect(readable([20, 60, 120], white, 4.5)).toEqual([20, 60, 120]);
  const moved = readable([255, 230, 0], white, 4.5);
  expect(contrast(moved, white)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(moved, white)).toBeLessThan(7);
});

describe.each(["light", "dark"] as const)("the %s palette", (mode) => {
  const brands = [
    {},
    { primaryColor: "#7a5c43", accentColor: "#a8553a", backgroundColor: "#fbf9f5", textColor: "#26221e" },
    { primaryColor: "#ffffff", accentColor: "#ffff00", backgroundColor: "#ffffff", textColor: "#fefefe" },
    { primaryColor: "#000000", accentColor: "#000033", backgroundColor: "#000000", textColor: "#111111" },
    { primaryColor: "#808080", accentColor: "#808080", backgroundColor: "#808080", textColor: "#808080" },
    { primaryColor: "red", accentColor: "", backgroundColor: "rgb(1,2,3)", textColor: null },
  ];
  it.each(brands)("can be read whatever the brand: %j", (brand) => {
    const colors = palette(brand, mode);
    expect(of(colors, "--ink", "--paper")).toBeGreaterThanOrEqual(7);
    for (const text of ["--muted", "--danger", "--good", "--primary-text", "--accent-text"]) {
      expect(of(colors, text, "--paper"), `${text} on paper`).toBeGreaterThanOrEqual(4.5);
      expect(of(colors, text, "--surface"), `${text} on surface`).toBeGreaterThanOrEqual(4.5);
    }

    expect(of(colors, "--on-primary", "--primary")).toBeGreaterThanOrEqual(4.5);
    expect(of(colors, "--on-accent", "--accent")).toBeGreaterThanOrEqual(4.5);
    expect(of(colors, "--primary", "--paper")).toBeGreaterThanOrEqual(3);
    expect(of(colors, "--edge", "--paper")).toBeGreaterThanOrEqual(3);
  });
});

it("keeps the brand's own paper where it is of that kind, and the house's where it is not", () => {
  const brand = { backgroundColor: "#f7f1e8", textColor: "#222222" };
  expect(palette(brand, "light")["--paper"]).toBe("#f7f1e8");
  expect(palette(brand, "dark")["--paper"]).toBe("#141312");
});

it("every color has black or white that reads well on it", () => {
  for (let red = 0; red < 256; red += 17) {
    for (let green = 0; green < 256; green += 17) {
      for (let blue = 0; blue < 256; blue += 17) {
        expect(contrast(onColor([red, green, blue]), [red, green, blue])).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
});
