import type { GalleryFront } from "../api";
import { longDate, plural } from "../lib/text";
import { StudioName } from "../ui/chrome";
import { Icon } from "../ui/icons";
import { Cover } from "./cover";

export function Hero({ front, count }: { front: GalleryFront; count: number }) {
  return (
    <header className={front.presentation.cover?.urls ? "hero" : "hero hero-plain"}>
      <Cover cover={front.presentation.cover} />
      <p className="hero-studio">
        <StudioName branding={front.branding} />
      </p>
      <div className="hero-text">
        {front.eventDate && <p className="eyebrow">{longDate(front.eventDate)}</p>}
        <h1 dir="auto">{front.title}</h1>
        {front.description && (
          <p className="hero-description" dir="auto">
            {front.description}
          </p>
        )}
      </div>
      <a className="hero-down" href="#main">
        <span>{count ? `See ${plural(count, "photograph")}` : "See the photographs"}</span>
        <Icon name="down" />
      </a>
    </header>
  );
}
