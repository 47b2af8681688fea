// Two steps around NSwag. `shape` prepares the document for NSwag; `faces` writes what NSwag cannot:
// enums that tolerate new values, patches that can clear a field, lists as async sequences, ETags on responses.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { answerOf, callsOf, camel, groupsOf, kindOf, pageItem, pascal, refName } from "./names.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const generated = join(here, "../csharp/Generated");
const document = callsOf(JSON.parse(readFileSync(join(root, "openapi/api.json"), "utf8")));
const groups = groupsOf(document);
const enums = Object.entries(document.components.schemas).filter(([, s]) => s.enum);
const isEnum = (name) => enums.some(([n]) => n === name);
const byHand = (entry) => kindOf(entry.operation.requestBody?.content) === "multipart" || kindOf(answerOf(entry)?.content) === "events";
const generatedByNSwag = [...groups].map(([tag, list]) => [tag, list.filter((e) => !byHand(e))]).filter(([, list]) => list.length > 0);

if (process.argv[2] === "shape") shape();
else faces();

function shape() {
  const shaped = structuredClone(document);
  shaped.paths = {};
  for (const [tag, list] of generatedByNSwag) {
    for (const entry of list) {
      const operation = structuredClone(entry.operation);
      operation.operationId = `${pascal(tag)}_${entry.name}`;
      operation.parameters = entry.parameters.map((p) => parameter(structuredClone(p)));
      // Error responses are turned into exceptions by the handler below the clients. A part of a file (206) is read as the whole file is.
      // NSwag makes nothing of headers.
      operation.responses = Object.fromEntries(
        Object.entries(operation.responses)
          .filter(([status]) => status.startsWith("2") && status !== "206")
          .map(([status, answer]) => [status, { ...answer, headers: undefined, content: anyFile(answer.content) }]),
      );
      shaped.paths[entry.path] = { ...shaped.paths[entry.path], [entry.method]: operation };
    }
  }
  delete shaped.components.schemas.ProblemDetails;
  delete shaped.components.responses;
  for (const [name] of enums) shaped.components.schemas[name] = { type: "object" };
  walk(shaped, (node) => {
    // The type beside a reference that may be null says nothing more, and NSwag would make a type of its own of it.
    if (node.allOf?.length === 1 && node.allOf[0].$ref && !node.properties) delete node.type;
    if (node.type === "string" && (node.enum || node.format === "date")) {
      delete node.enum;
      delete node.format;
    }
    if (node.type === "string") delete node.pattern;
  });
  const folder = join(root, ".tools/sdk");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "csharp.json"), `${JSON.stringify(shaped, null, 2)}\n`);

  const configuration = JSON.parse(readFileSync(join(here, "../csharp/nswag.json"), "utf8"));
  configuration.codeGenerators.openApiToCSharpClient.excludedTypeNames = enums.map(([name]) => name);
  writeFileSync(join(folder, "nswag.json"), JSON.stringify(configuration));
}

/** The first of several types of a file would be the only one that the client accepts. */
function anyFile(content) {
  const files = Object.values(content ?? {});
  return kindOf(content) === "binary" && files.length > 1 ? { "application/octet-stream": files[0] } : content;
}

function parameter(p) {
  if (p.in === "header") p["x-originalName"] = camel(pascal(p.name));
  if (p.schema?.$ref && isEnum(refName(p.schema))) p.schema = { type: "string" };
  return p;
}

function walk(node, visit) {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}

function faces() {
  const client = join(generated, "Clients.cs");
  // Objects that were read carry their version, which a change needs (If-Match).
  const text = readFileSync(client, "utf8").replaceAll(
    "return new ObjectResponseResult<T>(typedBody!, string.Empty);",
    "return new ObjectResponseResult<T>(Versions.Stamp(typedBody!, response), string.Empty);",
  );
  writeFileSync(client, text);
  write(
    "OpenEnums.cs",
    enums.map(([name, schema]) => openEnum(name, schema)),
  );
  write(
    "Patches.cs",
    [...patches()].sort().map((name) => `public partial record ${name} : MergePatch;`),
  );
  write(
    "Versioned.cs",
    [...versioned()].sort().map((name) => versionedRecord(name)),
  );
  write("Lists.cs", generatedByNSwag.map(([tag, list]) => lists(tag, list)).filter(Boolean));
  write("Currencies.cs", [currencies()]);
  writeFileSync(join(generated, "Groups.cs"), groupProperties());
}

function currencies() {
  const rows = Object.entries(document["x-currencies"]).map(([code, row]) => `        ["${code}"] = (${row.decimals}, ${row.maxAmount}),`);
  return `/// <summary>The currencies that studios sell in. Other tables have other decimals for some, such as none for HUF.</summary>
public static class Currencies
{
    private static readonly Dictionary<string, (int Decimals, long MaxAmount)> Table = new()
    {
${rows.join("\n")}
    };

    /// <summary>The ISO 4217 codes.</summary>
    public static IReadOnlyCollection<string> All => Table.Keys;

    /// <summary>The decimals of the currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD. Null for a currency that this SDK does not know.</summary>
    public static int? DecimalsOf(string currency) => Table.TryGetValue(currency, out var row) ? row.Decimals : null;

    /// <summary>The largest price and the largest total of an order, in minor units. Null for a currency that this SDK does not know.</summary>
    public static long? MaxAmountOf(string currency) => Table.TryGetValue(currency, out var row) ? row.MaxAmount : null;
}`;
}

function write(file, parts) {
  const usings = ["System", "System.Collections.Generic", "System.Text.Json.Serialization", "System.Threading"];
  writeFileSync(
    join(generated, file),
    `${header()}${usings.map((u) => `using ${u};\n`).join("")}\nnamespace Proofsheet.Sdk;\n\n${parts.join("\n\n")}\n`,
  );
}

function header() {
  return "// <auto-generated>by src/Sdk/generator/csharp.mjs from openapi/api.json; change the generator, not this file.</auto-generated>\n#nullable enable\n#pragma warning disable CS1591, CS8019\n";
}

function openEnum(name, schema) {
  const values = schema.enum.map((v) => `    public static ${name} ${pascal(v)} { get; } = new("${v}");`);
  return `/// <summary>${summary(schema) ?? "One of these values"}. New values may be added, so handle unknown ones too.</summary>
[JsonConverter(typeof(OpenEnumConverter<${name}>))]
public sealed record ${name}(string Value) : IOpenEnum
{
${values.join("\n")}

    public static implicit operator string(${name} value) => value.Value;

    public static implicit operator ${name}(string value) => new(value);

    public override string ToString() => Value;
}`;
}

function* patches() {
  const seen = new Set();
  for (const [, list] of generatedByNSwag) {
    for (const { operation } of list) {
      const name = refName(operation.requestBody?.content?.["application/merge-patch+json"]?.schema ?? {});
      if (name && !seen.has(name)) {
        seen.add(name);
        yield name;
      }
    }
  }
}

function versioned() {
  const names = new Set();
  for (const [, list] of generatedByNSwag) {
    for (const entry of list.filter((e) => e.parameters.some((p) => p.name === "If-Match"))) {
      const name = refName(answerOf(entry)?.content?.["application/json"]?.schema ?? {});
      if (name) names.add(name);
    }
  }
  return names;
}

function versionedRecord(name) {
  return `public partial record ${name} : IVersioned
{
    /// <summary>The version of the resource, to pass as <c>ifMatch</c>; null for an item of a list.</summary>
    [JsonIgnore]
    public string? ETag { get; set; }
}`;
}

function lists(tag, list) {
  const methods = list
    .map((entry) => ({ entry, item: pageItem(document, entry) }))
    .filter(({ item }) => item?.$ref)
    .map(({ entry, item }) => {
      const path = entry.parameters.filter((p) => p.in === "path");
      const query = entry.parameters.filter((p) => p.in === "query" && p.name !== "cursor" && p.name !== "limit");
      const type = (p) =>
        p.schema?.format === "date-time"
          ? "DateTimeOffset"
          : ({ integer: "int", boolean: "bool", number: "double" }[p.schema?.type] ?? "string");
      const taken = [
        ...path.map((p) => `string ${p.name}`),
        ...query.map((p) => `${type(p)}? ${p.name} = null`),
        "int pageSize = 200",
        "CancellationToken cancellationToken = default",
      ];
      const given = [
        ...[...path, ...query].map((p) => `${p.name}: ${p.name}`),
        "cursor: cursor",
        "limit: pageSize",
        "cancellationToken: cancellation",
      ];
      return `    /// <summary>${entry.operation.summary}: all items, fetched page by page as they are read.</summary>
    public IAsyncEnumerable<${refName(item)}> ${pascal(entry.name)}AllAsync(${taken.join(", ")}) =>
        Paging.ReadAsync(async (cursor, cancellation) =>
        {
            var page = await ${pascal(entry.name)}Async(${given.join(", ")}).ConfigureAwait(false);
            return (page.Data, page.NextCursor);
        }, cancellationToken);`;
    });
  return methods.length ? `public partial class ${pascal(tag)}Client\n{\n${methods.join("\n\n")}\n}` : undefined;
}

function groupProperties() {
  const version = `    /// <summary>The version of the API that this SDK was generated from and asks for, in the header Proofsheet-Version.</summary>
    public const string ApiVersion = "${document.info.version}";`;
  const properties = generatedByNSwag.map(([tag]) => `    public ${pascal(tag)}Client ${pascal(tag)} => field ??= new(_http);`);
  return `${header()}namespace Proofsheet.Sdk;\n\npublic sealed partial class ProofsheetClient\n{\n${version}\n\n${properties.join("\n\n")}\n}\n`;
}

function summary(schema) {
  return schema.description?.split("\n")[0].replace(/[.:]$/, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
