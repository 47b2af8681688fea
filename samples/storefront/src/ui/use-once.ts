import { useEffect, useRef } from "react";

/** Runs it once when the component appears, also in development, where React mounts each component twice. */
export function useOnce(run: () => void) {
  const started = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, whatever it closes over.
  useEffect(() => {
    if (!started.current) {
      started.current = true;
      run();
    }
  }, []);
}
