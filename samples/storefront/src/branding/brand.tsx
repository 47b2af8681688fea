import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Branding } from "../api";
import { fontStack } from "./fonts";
import { palette } from "./palette";

type Theme = "light" | "dark" | "auto";
interface Look {
  branding: Branding | null;
  theme: Theme;
}

const BrandContext = createContext<{ look: Look; setLook: (look: Look) => void }>({
  look: { branding: null, theme: "auto" },
  setLook: () => {},
});

/** Applies the studio's colors and fonts as CSS custom properties; a strict CSP does not treat setProperty as inline style. */
export function Brand({ children }: { children: ReactNode }) {
  const [look, setLook] = useState<Look>({ branding: null, theme: "auto" });
  const prefersDark = useSyncExternalStore(subscribeDark, () => dark().matches);
  const mode = look.theme === "auto" ? (prefersDark ? "dark" : "light") : look.theme;
  useLayoutEffect(() => {
    const root = document.documentElement;
    for (const [name, value] of Object.entries(palette(look.branding ?? {}, mode))) {
      root.style.setProperty(name, value);
    }

    root.style.setProperty("--font-heading", fontStack(look.branding?.headingFont, "heading"));
    root.style.setProperty("--font-body", fontStack(look.branding?.bodyFont, "body"));
    root.style.setProperty("color-scheme", mode);
  }, [look, mode]);
  const value = useMemo(() => ({ look, setLook }), [look]);
  return <BrandContext value={value}>{children}</BrandContext>;
}

/** Called by each page with its branding; the last page's look stays until the next one is known. */
export function useLook(branding: Branding | undefined, theme?: string): void {
  const { look, setLook } = useContext(BrandContext);
  const wanted: Theme = theme === "light" || theme === "dark" ? theme : "auto";
  useLayoutEffect(() => {
    if (branding && (look.branding !== branding || look.theme !== wanted)) {
      setLook({ branding, theme: wanted });
    }
  }, [branding, wanted, look, setLook]);
}

/** The branding that the page shows; null before any is known. */
export function useBranding(): Branding | null {
  return useContext(BrandContext).look.branding;
}

export function useTitle(title: string | undefined): void {
  useLayoutEffect(() => {
    if (title) {
      document.title = title;
    }
  }, [title]);
}

function dark() {
  return matchMedia("(prefers-color-scheme: dark)");
}

function subscribeDark(listener: () => void) {
  const query = dark();
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
