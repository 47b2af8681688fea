import { useState } from "react";
import { Link } from "react-router";
import type { Branding } from "../api";
import { DownloadButton } from "../downloads/download-button";
import { useGallery } from "../gallery/context";
import { usePicks } from "../gallery/use-picks";
import { VisitorSheet } from "../gallery/visitor-sheet";
import { plural } from "../lib/text";
import { useCart } from "../shop/use-cart";
import { Icon } from "./icons";

export function StudioName({ branding, name = branding.name }: { branding: Branding; name?: string }) {
  return branding.logoUrl ? (
    <img className="studio-logo" src={branding.logoUrl} alt={name} />
  ) : (
    <span className="studio-name" dir="auto">
      {name}
    </span>
  );
}

/** The bar at the top of every gallery page except the first. */
export function PageHead() {
  const { front, slug } = useGallery();
  return (
    <header className="page-head">
      <Link to={`/g/${slug}`} className="page-head-back">
        <Icon name="left" />
        <span dir="auto">{front.title}</span>
      </Link>
      <GalleryActions />
    </header>
  );
}

/** Who is here, what can be downloaded, and links to the picks and the cart with their counts. */
export function GalleryActions() {
  const { slug } = useGallery();
  const { picked } = usePicks();
  const { cart } = useCart();
  const pieces = cart?.items.reduce((sum, item) => sum + item.quantity, 0) ?? 0;
  const [showsVisitor, setShowsVisitor] = useState(false);
  return (
    <nav className="gallery-actions" aria-label="You, downloads, picks and cart">
      <button type="button" className="icon-button" aria-label="You and this device" onClick={() => setShowsVisitor(true)}>
        <Icon name="person" />
      </button>
      {showsVisitor && <VisitorSheet onClose={() => setShowsVisitor(false)} />}
      <DownloadButton />
      <Link to={`/g/${slug}/picks`} className="icon-button counted" aria-label={`Your picks: ${plural(picked.size, "photo")}`}>
        <Icon name="heart" filled={picked.size > 0} />
        {picked.size > 0 && (
          <span className="count" aria-hidden="true">
            {picked.size}
          </span>
        )}
      </Link>
      <Link to={`/g/${slug}/cart`} className="icon-button counted" aria-label={`Cart: ${plural(pieces, "piece")}`}>
        <Icon name="bag" />
        {pieces > 0 && (
          <span className="count" aria-hidden="true">
            {pieces}
          </span>
        )}
      </Link>
    </nav>
  );
}

export function Footer({ branding }: { branding: Branding }) {
  return (
    <footer className="footer">
      <p className="footer-name" dir="auto">
        {branding.name}
      </p>
      {branding.footerText && <p dir="auto">{branding.footerText}</p>}
      <p className="footer-links">
        {branding.websiteUrl && /^https?:/i.test(branding.websiteUrl) && (
          <a href={branding.websiteUrl} rel="noopener">
            Website
          </a>
        )}
        {branding.contactEmail && <a href={`mailto:${branding.contactEmail}`}>{branding.contactEmail}</a>}
        <Link to="/orders">Find an order</Link>
      </p>
    </footer>
  );
}
