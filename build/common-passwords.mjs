// Writes src/Identity/Users/Passwords/common-passwords.txt from the unpacked npm package @zxcvbn-ts/language-common:
//   npm pack @zxcvbn-ts/language-common && tar xzf *.tgz && node build/common-passwords.mjs package
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const from = process.argv[2];
const { version } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
const licence = readFileSync(join(from, "LICENSE.txt"), "utf8")
  .trim()
  .split("\n")
  .map((line) => `# ${line}`.trimEnd());
const words = JSON.parse(readFileSync(join(from, "src", "passwords.json"), "utf8"));
// Shorter ones cannot be told from chance.
const kept = [...new Set(words.map((word) => word.toLowerCase()))].filter((word) => word.length >= 4 && !word.startsWith("#")).sort();
writeFileSync(
  "src/Identity/Users/Passwords/common-passwords.txt",
  [
    `# Passwords of npm @zxcvbn-ts/language-common ${version}, written by build/common-passwords.mjs. Its licence:`,
    "#",
    ...licence,
    ...kept,
    "",
  ].join("\n"),
);
