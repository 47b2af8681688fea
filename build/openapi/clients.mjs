// Makes clients of both OpenAPI documents as other people would, with three generators and their defaults. tsconfig.json compiles them strictly.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@hey-api/openapi-ts";
import { generate } from "orval";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const output = join(root, ".tools/openapi-clients");

rmSync(output, { recursive: true, force: true });
for (const document of ["api", "internal"]) {
  const input = join(root, `openapi/${document}.json`);
  const folder = join(output, document);
  mkdirSync(folder, { recursive: true });
  // A file of declarations would be checked less strictly than a module.
  execFileSync(join(here, "node_modules/.bin/openapi-typescript"), [input, "--output", "openapi-typescript.ts"], {
    cwd: folder,
    stdio: "pipe",
  });
  await createClient({
    input,
    output: join(folder, "hey-api"),
    logs: { level: "warn" },
    plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
  });
  await generate({ input: { target: input }, output: { target: join(folder, "orval.ts"), client: "fetch", mode: "single" } });
}
console.log(`Clients of both documents are in ${output}.`);
