/** Browsers that block storage throw on any access; there is none then. */
export function storage(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

/** Reads what was stored as JSON. */
export function stored<T>(kind: "localStorage" | "sessionStorage", key: string): T | null {
  try {
    const text = storage(kind)?.getItem(key);
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}

/** Stores it as JSON, if there is room. */
export function store(kind: "localStorage" | "sessionStorage", key: string, value: unknown): void {
  try {
    storage(kind)?.setItem(key, JSON.stringify(value));
  } catch {
    // It lasts as long as the page.
  }
}
