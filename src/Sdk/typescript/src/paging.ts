/** One page of a list, as the API answers it. */
export interface PageOf<T> {
  data: T[];
  nextCursor: string | null;
}

/** A list that is read as it is walked: `for await (const item of list)`; or whole, or page by page. */
export interface PagedList<T> extends AsyncIterable<T> {
  /** Page by page. */
  pages(): AsyncIterable<T[]>;
  /** All in one array; at most `max` of them when given. */
  toArray(max?: number): Promise<T[]>;
}

/** Nothing is asked before the first item is wanted, and nothing after the last that was. */
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
