import type { PhotoSelection } from "../api";
import { plural } from "../lib/text";

export function countText({ pickCount, pickLimit, status }: Pick<PhotoSelection, "pickCount" | "pickLimit" | "status">): string {
  const picked = pickLimit == null ? `${plural(pickCount, "photo")} picked` : `${pickCount} of ${pickLimit} picked`;
  return status === "submitted" ? `${picked} · submitted` : status === "locked" ? `${picked} · final` : picked;
}
