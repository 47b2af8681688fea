export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Formats a date without a time as "14 June 2026", independent of the local time zone. */
export function longDate(date: string | null | undefined): string | null {
  if (!date) {
    return null;
  }

  const day = new Date(date.length === 10 ? `${date}T00:00:00Z` : date);
  return Number.isNaN(day.getTime())
    ? null
    : new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeZone: date.length === 10 ? "UTC" : undefined }).format(day);
}

/** How long to wait: "a minute", "3 minutes", "40 seconds". */
export function waiting(seconds: number): string {
  return seconds < 60
    ? plural(Math.max(1, Math.ceil(seconds)), "second")
    : seconds < 90
      ? "a minute"
      : plural(Math.ceil(seconds / 60), "minute");
}

export function fileSize(bytes: number): string {
  const mega = bytes / 1_000_000;
  if (mega >= 999.5) {
    return `${(mega / 1000).toFixed(mega < 9950 ? 1 : 0)} GB`;
  }

  return mega >= 1 ? `${mega.toFixed(mega < 10 ? 1 : 0)} MB` : `${Math.max(1, Math.round(bytes / 1000))} KB`;
}

/** A text that others wrote, for use within a sentence: its direction does not turn the sentence around. Elements have `dir="auto"` or `<bdi>`. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

export function altOf(photo: { altText?: string | null; title?: string | null }, index: number): string {
  return photo.altText || photo.title || `Photo ${index + 1}`;
}

export function describeOptions(options: Record<string, string>): string {
  return Object.values(options).join(" · ");
}
