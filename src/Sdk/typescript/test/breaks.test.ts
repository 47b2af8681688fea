import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
// @ts-expect-error A build script, without types.
import { breaksBetween } from "../../generator/breaks.mjs";

// biome-ignore lint/suspicious/noExplicitAny: the document is changed in ways that its type does not allow.
type Loose = any;

const text = readFileSync(new URL("../../../../openapi/api.json", import.meta.url), "utf8");
const document = () => JSON.parse(text);
const breaks = (change: (later: Loose) => void): string[] => {
  const later = document();
  change(later);
  return breaksBetween(document(), later);
};

describe("the check for breaking changes", () => {
  it("finds nothing in the same document, and nothing in additions", () => {
    expect(breaks(() => {})).toEqual([]);
    expect(
      breaks((later) => {
        later.paths["/v1/new"] = { get: later.paths["/v1/studio"].get };
        later.components.schemas.Gallery.properties.extra = { type: "string" };
        later.components.schemas.CreateGalleryRequest.properties.extra = { type: "string" };
        later.components.schemas.GalleryStatus.enum.push("frozen");
      }),
    ).toEqual([]);
  });

  it.each<[string, string, (later: Loose) => void]>([
    ["an operation", "removed operation: GET /v1/studio", (d) => delete d.paths["/v1/studio"].get],
    [
      "its name",
      "renamed operation: GET /v1/studio from GetStudio to ReadStudio",
      (d) => (d.paths["/v1/studio"].get.operationId = "ReadStudio"),
    ],
    ["a field of an answer", "removed field: Gallery.slug", (d) => delete d.components.schemas.Gallery.properties.slug],
    [
      "a value",
      "removed value: GalleryStatus expired",
      (d) => d.components.schemas.GalleryStatus.enum.splice(d.components.schemas.GalleryStatus.enum.indexOf("expired"), 1),
    ],
    [
      "its optional field",
      "newly required field: CreateGalleryRequest.description",
      (d) => d.components.schemas.CreateGalleryRequest.required.push("description"),
    ],
    [
      "a new required field",
      "newly required field: CreateGalleryRequest.extra",
      (d) => {
        d.components.schemas.CreateGalleryRequest.properties.extra = { type: "string" };
        d.components.schemas.CreateGalleryRequest.required.push("extra");
      },
    ],
    ["a field of a page", "removed field: GalleryPage.nextCursor", (d) => delete d.components.schemas.GalleryPage.properties.nextCursor],
    [
      "a type",
      "changed type: Gallery.title from string to integer",
      (d) => (d.components.schemas.Gallery.properties.title = { type: "integer" }),
    ],
    [
      "a value that is never null",
      "newly null: Gallery.title",
      (d) => (d.components.schemas.Gallery.properties.title = { type: "string", nullable: true }),
    ],
    [
      "the name of a type",
      "renamed type: Gallery to Album",
      (d) => {
        d.components.schemas.Album = d.components.schemas.Gallery;
        d.paths["/v1/galleries/{galleryId}"].get.responses["200"].content["application/json"].schema.$ref = "#/components/schemas/Album";
      },
    ],
    ["an answer", "removed answer: GET /v1/studio 200", (d) => delete d.paths["/v1/studio"].get.responses["200"]],
    [
      "a parameter",
      "removed parameter: GET /v1/galleries query limit",
      (d) => {
        const get = d.paths["/v1/galleries"].get;
        get.parameters = get.parameters.filter((p: Loose) => p.name !== "limit");
      },
    ],
  ])("finds that %s was taken away", (_, message, change) => {
    expect(breaks(change)).toContain(message);
  });
});
