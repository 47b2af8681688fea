import type { PhotoSelection } from "../api";
import { plural } from "../lib/text";

/** @param waiting How many of the changes have not reached the API yet. */
export function countText(
  { pickCount, pickLimit, status }: Pick<PhotoSelection, "pickCount" | "pickLimit" | "status">,
  waiting = 0,
): string {
  const picked = pickLimit == null ? `${plural(pickCount, "photo")} picked` : `${pickCount} of ${pickLimit} picked`;
  if (waiting > 0) {
    return `${picked} · ${waiting} waiting to be sent`;
  }

  return status === "submitted" ? `${picked} · submitted` : status === "locked" ? `${picked} · final` : picked;
}
