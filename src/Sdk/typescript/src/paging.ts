/** One page of a list, as the API returns it. */
export interface PageOf<T> {
  data: T[];
  nextCursor: string | null;
}

/** A list whose pages are requested as needed: `for await (const item of list)`, all at once, or page by page. */
export interface PagedList<T> extends AsyncIterable<T> {
  /** Iterates page by page. */
  pages(): AsyncIterable<T[]>;
  /** Collects all items in an array, or at most `max` of them. */
  toArray(max?: number): Promise<T[]>;
}

/** Requests a page only when an item of it is read. */
export function paged<T>(page: (at: { cursor?: string }) => Promise<PageOf<T>>): PagedList<T> {
  async function* pages() {
    let cursor: string | undefined;
    do {
      const { data, nextCursor } = await page(cursor === undefined ? {} : { cursor });
      yield data;
      cursor = nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  async function* items() {
    for await (const data of pages()) yield* data;
  }

  return {
    pages,
    [Symbol.asyncIterator]: items,
    async toArray(max = Number.POSITIVE_INFINITY) {
      const all: T[] = [];
      if (max <= 0) return all;
      for await (const item of items()) {
        if (all.push(item) >= max) break;
      }
      return all;
    },
  };
}
