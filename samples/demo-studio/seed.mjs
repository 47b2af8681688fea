// Creates a demo studio through the public API, using only the SDK. Each completed step is recorded in the state file, so an interrupted run
// continues where it stopped, and a second run changes nothing.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createProofsheet } from "@proofsheet/sdk";
import { filesIn } from "@proofsheet/sdk/node";
import { createProgress } from "./progress.mjs";

const baseUrl = required("PROOFSHEET_API_URL");
const storefront = required("PROOFSHEET_STOREFRONT_URL");
const folder = required("PROOFSHEET_PHOTOS");
const stateFile = required("PROOFSHEET_DEMO_STATE");
const PIN = "204816";
// The share of the time that sending takes, to a server on the same machine.
const SENDING = 0.1;

const state = await readState();
const studio = await makeStudio();
await makeKeys();
await makeBranding();
const watermarkId = await makeWatermark();
await makePrices();
const galleryId = await makeGallery();
await upload();
await publish();
// The storefront may be at another address than last time.
await note({ gallery: `${storefront}/g/${state.slug}` });
if (!state.studioSlug) await note({ studioSlug: (await studio.studio.get()).slug });

async function makeStudio() {
  if (!state.secretKey) {
    const platform = createProofsheet({ baseUrl, key: required("PROOFSHEET_PLATFORM_KEY") });
    const made = await platform.platform.createStudio({
      name: "Anna Lindqvist Photography",
      slug: `anna-lindqvist-${Date.now().toString(36)}`,
      currency: "EUR",
      country: "SE",
      timeZone: "Europe/Stockholm",
    });
    await note({ studioId: made.studio.id, secretKey: made.secretKey.secret });
    say(`Made the studio ${made.studio.name}`);
  }

  return createProofsheet({ baseUrl, key: state.secretKey });
}

async function makeKeys() {
  // A key's origins cannot be changed, so a storefront at another address gets another key.
  if (state.publishableKey && state.keyOrigin === storefront) return;
  const origins = [...new Set([storefront, storefront.replace("localhost", "127.0.0.1")])];
  const made = await studio.keys.create({ name: "Demo storefront", type: "publishable", origins });
  const old = state.keyId;
  await note({ publishableKey: made.secret, keyId: made.id, keyOrigin: storefront });
  if (old) await studio.keys.revoke(old);
}

async function makeBranding() {
  if (!state.branded) {
    await studio.studio.updateBranding({
      tagline: "Weddings and quiet places",
      primaryColor: "#3d4a3f",
      accentColor: "#a8552d",
      backgroundColor: "#fbf9f5",
      textColor: "#22261f",
      headingFont: "Garamond",
      bodyFont: "Avenir",
      welcomeText: "Here are your photographs. Take your time, pick the ones you love, and write to me about anything.",
      footerText: "Anna Lindqvist, Stockholm",
      contactEmail: "anna@example.com",
    });
    await note({ branded: true });
  }
}

async function makeWatermark() {
  if (!state.watermarkId) {
    const made = await studio.watermarks.create({
      name: "Proof",
      type: "text",
      text: "ANNA LINDQVIST",
      position: "bottom_right",
      opacity: 55,
      sizePercent: 26,
      color: "#ffffff",
      isDefault: true,
    });
    await note({ watermarkId: made.id });
  }

  return state.watermarkId;
}

async function makePrices() {
  if (state.priceSheetId) {
    return;
  }

  const eur = (amount) => ({ amount, currency: "EUR" });
  const web = await studio.catalog.createProduct({
    name: "Web file",
    description: "2048 pixels, for screens.",
    type: "digital",
    options: [],
    digital: { size: "web" },
  });
  const full = await studio.catalog.createProduct({
    name: "Original file",
    description: "Full resolution, as taken.",
    type: "digital",
    options: [],
    digital: { size: "full" },
  });
  const paper = { name: "Paper", values: ["Matte", "Lustre"] };
  const small = await studio.catalog.createProduct({
    name: "Print 15 × 10 cm",
    description: "On heavy photographic paper.",
    type: "print",
    options: [paper],
    print: { widthMm: 150, heightMm: 100 },
  });
  const large = await studio.catalog.createProduct({
    name: "Print 45 × 30 cm",
    description: "Museum-grade pigment print.",
    type: "print",
    options: [paper],
    print: { widthMm: 450, heightMm: 300 },
  });
  const sheet = await studio.catalog.createPriceSheet({ name: "Standard", isDefault: true });
  await studio.catalog.setPrices(sheet.id, {
    prices: [
      { productId: web.id, options: {}, price: eur(1200) },
      { productId: full.id, options: {}, price: eur(3500) },
      ...paper.values.flatMap((value, i) => [
        { productId: small.id, options: { Paper: value }, price: eur(450 + 50 * i) },
        { productId: large.id, options: { Paper: value }, price: eur(4800 + 400 * i) },
      ]),
    ],
  });
  await studio.catalog.createDiscount({ code: "THANKYOU", type: "percent", percent: 10 });
  await studio.catalog.setCommerceSettings({
    taxName: "VAT",
    taxBasisPoints: 2500,
    isTaxIncluded: true,
    shippingMethods: [
      { id: "standard", name: "Post", price: eur(590), description: "3 to 5 working days" },
      { id: "express", name: "Express", price: eur(1290), description: "Next working day" },
    ],
    downloadDays: 30,
    downloadsPerFile: 10,
  });
  await note({ priceSheetId: sheet.id });
  say("Made a watermark, products, prices and the discount code THANKYOU");
}

async function makeGallery() {
  if (!state.galleryId) {
    const made = await studio.galleries.create({
      title: "Elin & Jonas",
      description: "Skeppsholmen, a long evening in August.",
      eventDate: "2026-08-22",
      requires: "pin",
      pin: PIN,
      presentation: { layout: "masonry", theme: "auto" },
      watermarkId,
      pickLimit: 12,
    });
    await note({ galleryId: made.id, slug: made.slug, pin: PIN });
  }

  return state.galleryId;
}

async function upload() {
  if (state.uploaded === folder) {
    return;
  }

  const files = await filesIn(folder);
  if (files.length === 0) {
    throw new Error(`There are no photographs in ${folder}.`);
  }

  const progress = createProgress("Uploading and processing");
  let sent = 0;
  let isSent = false;
  const uploading = studio.photos
    .upload(galleryId, files, {
      onProgress: ({ sentBytes, totalBytes }) => {
        sent = totalBytes === 0 ? 1 : sentBytes / totalBytes;
      },
    })
    .finally(() => {
      isSent = true;
    });
  // The first photographs are processed while the others are sent.
  const failures = await untilProcessed(uploading, (last) => {
    const total = isSent ? last.photoCount : Math.max(last.photoCount, files.length);
    const done = last.readyCount + last.failedCount;
    progress.report({
      share: SENDING * sent + (1 - SENDING) * (total === 0 ? 1 : done / total),
      next: (1 - SENDING) / Math.max(1, total),
      text: `${done}/${total}`,
    });
    return isSent && done === last.photoCount;
  }).catch((error) => {
    progress.end(false);
    throw error;
  });
  progress.end();
  for (const refused of (await uploading).filter((r) => r.outcome === "refused")) {
    say(`  ${refused.fileName}: ${refused.problem?.detail ?? "refused"}`);
  }

  for (const f of failures) say(`  ${f.fileName}: ${f.detail}`);
  await note({ uploaded: folder });
}

/**
 * Reports how far the gallery is until that is the end, or the upload fails.
 *
 * @param {Promise<unknown>} uploading
 * @param {(progress: import("@proofsheet/sdk").GalleryProgress) => boolean} isEnd
 */
async function untilProcessed(uploading, isEnd) {
  const failed = uploading.then(
    () => new Promise(() => {}),
    (error) => Promise.reject(error),
  );
  for (;;) {
    const last = await Promise.race([studio.photos.getGalleryProgress(galleryId), failed]);
    if (isEnd(last)) return last.failures;
    await Promise.race([new Promise((wait) => setTimeout(wait, 250)), failed]);
  }
}

async function publish() {
  if (state.published) {
    return;
  }

  // Files that are uploaded in parallel arrive in any order; clients should see them in the camera's order.
  const photos = await studio.photos.listAll(galleryId, { status: "ready", sort: "name" }).toArray();
  for (let i = 0; i < photos.length; i += 500) {
    await studio.photos.reorder(galleryId, { photoIds: photos.slice(i, i + 500).map((p) => p.id) });
  }

  const cover = photos.find((p) => p.currentVersion.width > p.currentVersion.height) ?? photos[0];
  if (cover) {
    await studio.galleries.update(galleryId, { presentation: { cover: { photoId: cover.id, focalX: 0.5, focalY: 0.5 } } });
  }

  await studio.galleries.publish(galleryId);
  await note({ published: true });
}

async function readState() {
  try {
    return JSON.parse(await readFile(stateFile, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") {
      return {};
    }

    throw error;
  }
}

// Written atomically and readable by its owner only, because it contains a secret key.
async function note(more) {
  Object.assign(state, more);
  await mkdir(dirname(stateFile), { recursive: true });
  await writeFile(`${stateFile}.part`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(`${stateFile}.part`, stateFile);
}

function required(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set.`);
    process.exit(2);
  }

  return value;
}

function say(text) {
  console.log(text);
}
