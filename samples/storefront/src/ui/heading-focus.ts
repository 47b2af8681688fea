import { useEffect, useRef } from "react";

// Pages that are not loaded yet bring their heading a little later.
const PATIENCE = 10_000;

/** Moves the focus to the page's heading when what was asked before is answered, so that keyboards and screen readers begin with what has opened. */
export function useHeadingAfter(isAsking: boolean) {
  const asked = useRef(false);
  useEffect(() => {
    const isAnswered = asked.current && !isAsking;
    asked.current = isAsking;
    return isAnswered ? focusHeading() : undefined;
  }, [isAsking]);
}

/** Returns a function that gives up. */
function focusHeading(): () => void {
  const find = () => {
    // The skeleton of a page has a heading as well.
    const heading = document.querySelector<HTMLElement>("h1:not([aria-busy='true'] h1)");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }

    return heading !== null;
  };
  if (find()) {
    return () => {};
  }

  const observer = new MutationObserver(() => {
    if (find()) {
      stop();
    }
  });
  const timer = setTimeout(() => observer.disconnect(), PATIENCE);
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  observer.observe(document.body, { childList: true, subtree: true });
  return stop;
}
