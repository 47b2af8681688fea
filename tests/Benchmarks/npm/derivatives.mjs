// The peer of the derivative set: sharp, with one decode for the three pictures or with three pipelines.
// node derivatives.mjs one|three FOLDER PHOTO...   Prints CPU seconds per photo, without the first pass, and peak resident memory in KB.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const passes = 3;
const [mode, folder, ...photos] = process.argv.slice(2);
sharp.concurrency(1);
sharp.cache(false);

const mark = await sharp({
  text: { text: '<span foreground="white">© Anna Fischer</span>', font: "sans-serif Bold 68", dpi: 72, rgba: true },
})
  .png()
  .toBuffer();
const faded = await sharp(mark)
  .composite([{ input: Buffer.from([255, 255, 255, 128]), raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: "dest-in" }])
  .png()
  .toBuffer();

const size = (longest) => ({ width: longest, height: longest, fit: "inside", withoutEnlargement: true });
const thumbnail = (image) => image.jpeg({ quality: 80 }).toFile(join(folder, "300.jpg"));
const large = (image) =>
  image
    .composite([{ input: faded, gravity: "southeast" }])
    .jpeg({ quality: 80 })
    .toFile(join(folder, "2048.jpg"));
const preview = (image) => image.webp({ quality: 80 }).toFile(join(folder, "1200.webp"));

async function three(photo) {
  await thumbnail(sharp(photo).rotate().resize(size(300)));
  await large(sharp(photo).rotate().resize(size(2048)));
  await preview(sharp(photo).rotate().resize(size(1200)));
}

async function one(photo) {
  const { data, info } = await sharp(photo).rotate().resize(size(2048)).raw().toBuffer({ resolveWithObject: true });
  const again = () => sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
  await large(again());
  await preview(again().resize(size(1200)));
  await thumbnail(again().resize(size(300)));
}

const derive = mode === "three" ? three : one;
let before;
for (let pass = 0; pass <= passes; pass++) {
  if (pass === 1) before = process.cpuUsage();
  for (const photo of photos) await derive(photo);
}
const used = process.cpuUsage(before);
const peak = readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+)/)[1];
console.log(`${((used.user + used.system) / 1e6 / (passes * photos.length)).toFixed(6)} ${peak}`);
