import type { Selection } from "../api";
import { plural } from "../lib/text";

export function countText({ count, limit, status }: Pick<Selection, "count" | "limit" | "status">): string {
  const picked = limit == null ? `${plural(count, "photo")} picked` : `${count} of ${limit} picked`;
  return status === "submitted" ? `${picked} · submitted` : status === "locked" ? `${picked} · final` : picked;
}
