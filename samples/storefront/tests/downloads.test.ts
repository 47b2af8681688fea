// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import type { DownloadOffer } from "../src/api";
import { fileOf, isShareable, nextFiles, sharesFiles, sharing, withFewer } from "../src/downloads/sharing";
import { isTold, limitsOf, refusalText, sizeDetail } from "../src/downloads/words";
import { fileSize } from "../src/lib/text";

const offer: DownloadOffer = {
  allowsDownloads: true,
  reason: null,
  sizes: ["web", "full"],
  webPixels: 2048,
  isWebWatermarked: false,
  requiresPin: false,
  remainingPhotoCount: null,
  endsAt: null,
};

afterEach(() => vi.unstubAllGlobals());

function device({ isCoarse, takes }: { isCoarse: boolean; takes?: RegExp }) {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: isCoarse && query === "(pointer: coarse)" }));
  vi.stubGlobal("navigator", takes ? { canShare: ({ files }: { files: File[] }) => files.every((file) => takes.test(file.type)) } : {});
}

it.each([
  ["a telephone", { isCoarse: true, takes: /jpeg|heic/ }, "IMG_1.JPG", true],
  ["a telephone that takes HEIC", { isCoarse: true, takes: /jpeg|heic/ }, "IMG_1.HEIC", true],
  ["a telephone that takes no HEIC", { isCoarse: true, takes: /jpeg/ }, "IMG_1.HEIC", false],
  ["a telephone and a raw file", { isCoarse: true, takes: /image/ }, "IMG_1.CR3", false],
  ["a desktop whose browser could", { isCoarse: false, takes: /jpeg/ }, "IMG_1.JPG", false],
  ["a telephone whose browser cannot", { isCoarse: true }, "IMG_1.JPG", false],
])("shares on %s or not", (_, which, fileName, shares) => {
  device(which);
  expect(sharesFiles(fileName)).toBe(shares);
});

it("shares up to 25 photographs, unless they are too large together", () => {
  expect(isShareable(25, 290_000_000)).toBe(true);
  expect(isShareable(25, null)).toBe(true);
  expect(isShareable(26, 1000)).toBe(false);
  expect(isShareable(12, 310_000_000)).toBe(false);
});

it("hands over fewer files at once when many are refused, and none twice", () => {
  const files = Array.from({ length: 25 }, (_, i) => fileOf(new Blob(["x"]), `folder/${i}.jpg`));
  expect(nextFiles(sharing(files))).toHaveLength(25);
  const fewer = withFewer(sharing(files))!;
  expect(nextFiles(fewer)).toHaveLength(10);
  const last = { ...fewer, shared: 20 };
  expect(nextFiles(last).map((file) => file.name)).toEqual(["20.jpg", "21.jpg", "22.jpg", "23.jpg", "24.jpg"]);
  expect(nextFiles(withFewer(last)!)).toHaveLength(1);
  expect(withFewer({ ...last, atOnce: 1 })).toBeNull();
  expect(withFewer(sharing(files.slice(0, 1)))).toBeNull();
});

it("says what a size is", () => {
  expect(sizeDetail("web", offer)).toBe("JPEG, up to 2048 pixels");
  expect(sizeDetail("web", { ...offer, webPixels: null, isWebWatermarked: true })).toBe(
    "JPEG, as large as it is shown, with the studio’s watermark",
  );
  expect(sizeDetail("full", offer, { width: 6000, height: 4000 })).toBe("The original, 6000 × 4000 pixels");
  expect(sizeDetail("full", offer)).toBe("The originals, as they were taken");
});

it("says how many may still be downloaded, and until when", () => {
  expect(limitsOf(offer)).toEqual([]);
  expect(limitsOf({ ...offer, remainingPhotoCount: 1, endsAt: "2031-03-04T12:00:00Z" })).toEqual([
    "You can download 1 more photograph. Those that you have, you can download again.",
    expect.stringMatching(/^Downloads are open until .*2031.*\.$/),
  ]);
  expect(limitsOf({ ...offer, remainingPhotoCount: 0 })[0]).toContain("as many photographs as the studio allows");
});

it("is silent about downloads where they are off, and speaks of what a visitor can change", () => {
  expect(isTold(undefined)).toBe(false);
  expect(isTold({ ...offer, allowsDownloads: false, sizes: [], reason: "downloads_off" })).toBe(false);
  expect(isTold(offer)).toBe(true);
  const ended = { ...offer, allowsDownloads: false, reason: "downloads_ended", endsAt: "2031-03-04T12:00:00Z" };
  expect(isTold(ended)).toBe(true);
  expect(refusalText(ended)).toMatch(/has ended on .*2031/);
  expect(refusalText({ ...ended, reason: "email_required" })).toContain("e-mail");
  expect(refusalText({ ...ended, reason: "email_not_listed" })).toContain("certain e-mail addresses");
});

it.each([
  [999_400_000, "999 MB"],
  [999_600_000, "1.0 GB"],
  [12_345_000_000, "12 GB"],
  [1_500, "2 KB"],
])("writes %d bytes as %s", (bytes, text) => {
  expect(fileSize(bytes)).toBe(text);
});
