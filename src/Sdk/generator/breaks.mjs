// Compares openapi/api.json with an earlier version (by default the one committed on the main branch) and fails on changes that break existing
// clients, unless openapi/approved-breaks.txt lists them, one per line.
// Usage: node src/Sdk/generator/breaks.mjs [earlier.json]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const methods = ["get", "put", "post", "delete", "patch", "head"];

/** @returns {string[]} the changes in the later document that break clients of the earlier one, sorted. */
export function breaksBetween(earlier, later) {
  const breaks = new Set();
  for (const [path, item] of Object.entries(earlier.paths)) {
    for (const method of methods.filter((m) => item[m])) {
      const [before, after] = [item[method], later.paths[path]?.[method]];
      const name = `${method.toUpperCase()} ${path}`;
      if (!after) breaks.add(`removed operation: ${name}`);
      else operation(name, before, after);
    }
  }
  return [...breaks].sort();

  function operation(name, before, after) {
    if (before.operationId !== after.operationId)
      breaks.add(`renamed operation: ${name} from ${before.operationId} to ${after.operationId}`);
    if (before.tags?.[0] !== after.tags?.[0]) breaks.add(`moved operation: ${name} from ${before.tags?.[0]} to ${after.tags?.[0]}`);
    const key = (p) => `${p.in} ${p.name}`;
    const [had, has] = [before, after].map((o) => new Map((o.parameters ?? []).map((p) => [key(p), p])));
    for (const p of had.keys()) if (!has.has(p)) breaks.add(`removed parameter: ${name} ${p}`);
    for (const [k, p] of has) if (p.required && !had.get(k)?.required) breaks.add(`newly required parameter: ${name} ${k}`);
    if (after.requestBody?.required && !before.requestBody?.required) breaks.add(`newly required body: ${name}`);
    bodies(name, before.requestBody?.content, after.requestBody?.content, true);
    for (const [status, answer] of Object.entries(before.responses).filter(([s]) => s.startsWith("2"))) {
      if (!after.responses[status]) breaks.add(`removed answer: ${name} ${status}`);
      else bodies(`${name} ${status}`, answer.content, after.responses[status].content, false);
    }
  }

  function bodies(name, before = {}, after = {}, asked) {
    for (const [type, { schema }] of Object.entries(before)) {
      if (!after[type]) breaks.add(`removed media type: ${name} ${type}`);
      else schemas(name, schema, after[type].schema, asked, new Set());
    }
  }

  function schemas(name, before, after, asked, seen) {
    if (!before || !after) return;
    const [was, is] = [flat(earlier, before), flat(later, after)];
    const where = was.name ?? name;
    const visit = `${where}|${asked}`;
    if (was.name && seen.has(visit)) return;
    seen.add(visit);
    // The SDKs' types have the schemas' names.
    if (was.name && is.name && was.name !== is.name) breaks.add(`renamed type: ${was.name} to ${is.name}`);
    if (was.type !== is.type || was.format !== is.format) breaks.add(`changed type: ${where} from ${label(was)} to ${label(is)}`);
    if (!asked && is.nullable && !was.nullable) breaks.add(`newly null: ${where}`);
    for (const value of was.enum ?? []) if (is.enum && !is.enum.includes(value)) breaks.add(`removed value: ${where} ${value}`);
    for (const [field, schema] of Object.entries(was.properties)) {
      const place = was.name ? `${where}.${field}` : `${where} ${field}`;
      if (!is.properties[field]) breaks.add(`removed field: ${place}`);
      else schemas(place, schema, is.properties[field], asked, seen);
      if (!asked && was.required.includes(field) && is.properties[field] && !is.required.includes(field))
        breaks.add(`field may be absent now: ${place}`);
    }
    if (asked)
      for (const field of is.required.filter((f) => !was.required.includes(f))) breaks.add(`newly required field: ${where}.${field}`);
    schemas(`${where}[]`, was.items, is.items, asked, seen);
    schemas(`${where}{}`, was.more, is.more, asked, seen);
  }
}

const label = (schema) => [schema.type ?? "any", schema.format].filter(Boolean).join(":");

/** A schema with its $ref and allOf resolved. */
function flat(document, schema, name) {
  if (schema.$ref) {
    const own = schema.$ref.split("/").pop();
    return flat(document, document.components.schemas[own], own);
  }
  const result = {
    name,
    type: schema.type,
    format: schema.format,
    nullable: schema.nullable ?? false,
    enum: schema.enum,
    items: schema.items,
    more: typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined,
    properties: { ...schema.properties },
    required: [...(schema.required ?? [])],
  };
  for (const part of schema.allOf ?? []) {
    const inner = flat(document, part);
    result.name ??= inner.name;
    for (const key of ["type", "format", "enum", "items", "more"]) result[key] ??= inner[key];
    Object.assign(result.properties, inner.properties);
    result.required.push(...inner.required);
  }
  return result;
}

function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
  const git = (...args) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 26 });
  const committed = () => {
    for (const branch of ["origin/main", "main", "HEAD"]) {
      try {
        return git("show", `${branch}:openapi/api.json`);
      } catch {
        // It does not exist: a first commit, or a checkout of a single branch.
      }
    }
    return undefined;
  };
  const text = process.argv[2] ? readFileSync(process.argv[2], "utf8") : committed();
  if (text === undefined) {
    console.log("There is no earlier openapi/api.json to compare with.");
    return;
  }
  const approved = new Set(
    readFileSync(join(root, "openapi/approved-breaks.txt"), "utf8")
      .split("\n")
      .map((l) => l.trim())
      .filter((l) => l && !l.startsWith("#")),
  );
  const later = JSON.parse(readFileSync(join(root, "openapi/api.json"), "utf8"));
  const found = breaksBetween(JSON.parse(text), later).filter((b) => !approved.has(b));
  if (found.length > 0) {
    console.error(
      `The API would break its clients. Mend it, or add the line to openapi/approved-breaks.txt with the reason above it:\n${found.map((b) => `  ${b}`).join("\n")}`,
    );
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
