import { type MouseEvent, useEffect, useState } from "react";
import type { Section } from "../api";
import type { Chapter } from "./use-photos";

interface SectionNavProps {
  sections: readonly Section[];
  chapters: readonly Chapter[];
  loadMore: () => Promise<void>;
  complete: boolean;
}

/** Jumps to a section, loading it first if necessary. */
export function SectionNav({ sections, chapters, loadMore, complete }: SectionNavProps) {
  const [wanted, setWanted] = useState<string | null>(null);
  const current = useCurrentSection(chapters);
  const isThere = (id: string) => chapters.some((chapter) => chapter.section?.id === id);
  useEffect(() => {
    if (!wanted) {
      return;
    }

    if (isThere(wanted)) {
      const target = document.getElementById(`section-${wanted}`);
      target?.scrollIntoView();
      target?.focus({ preventScroll: true });
      setWanted(null);
    } else if (complete) {
      setWanted(null);
    } else {
      void loadMore();
    }
  });
  const shown = complete ? sections.filter((section) => isThere(section.id)) : sections;
  if (shown.length < 2) {
    return <span />;
  }

  const jump = (event: MouseEvent, id: string) => {
    event.preventDefault();
    setWanted(id);
  };
  return (
    <nav className="section-nav" aria-label="Sections" tabIndex={-1}>
      <ul>
        {shown.map((section) => (
          <li key={section.id}>
            <a
              href={`#section-${section.id}`}
              dir="auto"
              aria-current={section.id === current ? "true" : undefined}
              onClick={(event) => jump(event, section.id)}
            >
              {section.title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function useCurrentSection(chapters: readonly Chapter[]): string | null {
  const [current, setCurrent] = useState<string | null>(null);
  const ids = chapters.flatMap((chapter) => chapter.section?.id ?? []).join(" ");
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const entered = entries.find((entry) => entry.isIntersecting);
        if (entered) {
          setCurrent(entered.target.id.replace("section-", ""));
        } else if (entries.every((entry) => entry.boundingClientRect.top > 0)) {
          // The section left the view upward: the previous section has its own entry, and there is none above the first.
          setCurrent((old) => (entries.some((entry) => entry.target.id === `section-${old}`) ? null : old));
        }
      },
      { rootMargin: "-35% 0px -64% 0px" },
    );
    ids
      .split(" ")
      .filter(Boolean)
      .forEach((id) => {
        const element = document.getElementById(`section-${id}`);
        if (element) {
          observer.observe(element);
        }
      });
    return () => observer.disconnect();
  }, [ids]);
  return current;
}
