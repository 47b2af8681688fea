import type { Selection } from "../api";
import { plural } from "../lib/text";

export function countText({ count, limit, state }: Pick<Selection, "count" | "limit" | "state">): string {
  const picked = limit == null ? `${plural(count, "photo")} picked` : `${count} of ${limit} picked`;
  return state === "submitted" ? `${picked} · submitted` : state === "locked" ? `${picked} · final` : picked;
}
