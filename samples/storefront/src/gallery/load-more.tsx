import { useEffect, useRef } from "react";
import type { usePhotos } from "./use-photos";

// After this many automatic pages, the next ones wait for a click; otherwise the footer could never be reached.
const PAGES_BY_THEMSELVES = 4;

export function LoadMore({ query }: { query: ReturnType<typeof usePhotos> }) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, data } = query;
  const mark = useRef<HTMLDivElement>(null);
  const byItself = hasNextPage && !isFetchNextPageError && (data?.pages.length ?? 0) % PAGES_BY_THEMSELVES !== 0;
  useEffect(() => {
    if (!byItself || isFetchingNextPage) {
      return;
    }

    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          void fetchNextPage();
        }
      },
      { rootMargin: "1400px" },
    );
    observer.observe(mark.current!);
    return () => observer.disconnect();
  }, [byItself, isFetchingNextPage, fetchNextPage]);
  return (
    <div className="load-more" ref={mark}>
      <p role="status" className={isFetchNextPageError ? "" : "visually-hidden"}>
        {isFetchingNextPage ? "Loading more photographs" : isFetchNextPageError ? "The next photographs did not arrive." : ""}
      </p>
      {hasNextPage && (
        <button type="button" className="button button-quiet" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Loading …" : isFetchNextPageError ? "Try again" : "More photographs"}
        </button>
      )}
    </div>
  );
}
