// The names that both SDKs give to the operations of the OpenAPI document: client.photos.list, client.Photos.ListAsync.
// A tag is a group; a method is the operationId without the group's noun, unless that would give two methods the same name.

const methods = ["get", "put", "post", "delete", "patch"];

/**
 * The operations that become SDK methods. Operations without a credential are left out: they are signed URLs (pictures, downloads) or
 * endpoints for others (webhooks of payment providers). HEAD is left out because it is GET without a body.
 */
export function callsOf(document) {
  const calls = structuredClone(document);
  for (const [path, item] of Object.entries(calls.paths)) {
    for (const method of ["head", ...methods]) {
      if (item[method] && (method === "head" || !item[method].security?.length)) delete item[method];
    }
    if (!methods.some((m) => item[m])) delete calls.paths[path];
  }
  return calls;
}

/** @returns {Map<string, object[]>} operations by tag, in document order, each with its method name. */
export function groupsOf(document) {
  const groups = new Map();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods.filter((m) => item[m])) {
      const operation = item[method];
      const tag = operation.tags?.[0];
      if (!tag || !operation.operationId) {
        throw new Error(`${method.toUpperCase()} ${path} has no tag or no operationId.`);
      }
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      const entry = { id: operation.operationId, tag, path, method, operation, parameters };
      groups.set(tag, [...(groups.get(tag) ?? []), entry]);
    }
  }
  for (const [tag, operations] of groups) {
    const short = (o) => withoutNoun(o.id, tag);
    for (const operation of operations) {
      const alone = operations.filter((o) => short(o) === short(operation)).length === 1;
      operation.name = alone ? short(operation) : operation.id;
    }
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** "Price sheets" and "PriceSheets" both become PriceSheets. */
export const pascal = (text) =>
  text
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((w) => w[0].toUpperCase() + w.slice(1))
    .join("");

export const camel = (text) => text[0].toLowerCase() + text.slice(1);

/** A list is a GET with a cursor that returns a page: `data` and `nextCursor`. */
export function pageItem(document, entry) {
  const answer = answerOf(entry);
  const schema = answer && resolve(document, answer.content?.["application/json"]?.schema);
  const isPage = entry.method === "get" && entry.parameters.some((p) => p.name === "cursor") && schema?.properties?.nextCursor;
  return isPage ? schema.properties.data.items : undefined;
}

/** The first success response, with its status. */
export function answerOf(entry) {
  const status = Object.keys(entry.operation.responses).find((s) => s.startsWith("2"));
  return status && { status, ...entry.operation.responses[status] };
}

/** The kind of a request or response body: json, multipart, text, events, binary, or none. */
export function kindOf(content) {
  const types = Object.keys(content ?? {});
  if (types.length === 0) return "none";
  if (types.some((t) => /[/+]json$/.test(t) && t !== "application/problem+json")) return "json";
  if (types.includes("multipart/form-data")) return "multipart";
  if (types.includes("text/event-stream")) return "events";
  return types.every((t) => t.startsWith("text/")) ? "text" : "binary";
}

export function resolve(document, schema) {
  if (schema?.$ref) return document.components.schemas[refName(schema)];
  return schema;
}

export const refName = (schema) => schema.$ref?.split("/").pop();

function withoutNoun(id, tag) {
  const plural = pascal(tag);
  const singular = plural
    .replace(/ies$/, "y")
    .replace(/(?<=[sx]|ch|sh)es$/, "")
    .replace(/(?<!s)s$/, "");
  for (const noun of [plural, singular]) {
    const at = id.indexOf(noun);
    const after = id[at + noun.length];
    // Only whole words: "Studio" does not match in "ListStudios".
    if (at > 0 && (after === undefined || /[A-Z]/.test(after))) {
      return id.slice(0, at) + id.slice(at + noun.length);
    }
  }
  return id;
}
