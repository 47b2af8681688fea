import { useCallback, useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import type { Photo } from "../api";
import { useGallery } from "../gallery/context";
import { Hero } from "../gallery/hero";
import { LoadMore } from "../gallery/load-more";
import { PhotoGrid } from "../gallery/photo-grid";
import { PickBar } from "../gallery/pick-bar";
import { SectionNav } from "../gallery/section-nav";
import { chaptersOf, usePhotos, useSections } from "../gallery/use-photos";
import { usePicks } from "../gallery/use-picks";
import { Lightbox } from "../lightbox/lightbox";
import { BuySheet } from "../shop/buy-sheet";
import { Footer, GalleryActions } from "../ui/chrome";
import { TilesSkeleton } from "../ui/skeletons";
import { Failed } from "./messages";

export function GalleryPage() {
  const { front } = useGallery();
  const all = usePhotos();
  const sections = useSections();
  const picks = usePicks();
  const [buying, setBuying] = useState<Photo | null>(null);
  const [address, setAddress] = useSearchParams();
  const shown = address.get("photo");
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = all;
  const more = useCallback(async () => {
    if (hasNextPage && !isFetchingNextPage) {
      await fetchNextPage();
    }
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const chaptered = (sections.data?.length ?? 0) > 0;
  useEffect(() => {
    // Photos are not sorted by section, so all pages are loaded; otherwise a chapter above the reader could still grow.
    if (chaptered && !all.isFetchNextPageError) {
      void more();
    }
  }, [chaptered, all.isFetchNextPageError, more]);
  if (all.isError && all.photos.length === 0) {
    return <Failed error={all.error} retry={() => void all.refetch()} title="The photographs did not arrive" />;
  }

  const waiting = all.isPending || sections.isPending;
  const chapters = waiting ? [] : chaptersOf(all.photos, sections.data ?? []);
  const inOrder = chapters.flatMap((chapter) => chapter.photos);
  // In the URL, so that the back button closes the photo and a link to it can be shared.
  const show = (photoId: string | null, replace = false) =>
    setAddress(
      (old) => {
        const next = new URLSearchParams(old);
        if (photoId) {
          next.set("photo", photoId);
        } else {
          next.delete("photo");
        }

        return next;
      },
      { replace, preventScrollReset: true },
    );

  return (
    <>
      <Hero front={front} count={front.photoCount} />
      <div className="gallery-bar">
        <SectionNav sections={sections.data ?? []} chapters={chapters} loadMore={more} complete={!waiting && !hasNextPage} />
        <GalleryActions />
      </div>
      <main className="gallery" id="main" tabIndex={-1}>
        {waiting && <TilesSkeleton />}
        {!waiting && inOrder.length === 0 && (
          <div className="empty">
            <h2>No photographs yet</h2>
            <p>
              <bdi>{front.branding.name}</bdi> is still choosing. Come back in a little while: this address stays the same.
            </p>
          </div>
        )}
        {chapters.map((chapter) => (
          <section
            key={chapter.section?.id ?? "first"}
            id={chapter.section ? `section-${chapter.section.id}` : undefined}
            className="chapter"
            aria-label={chapter.section?.title ?? "Photographs"}
            tabIndex={-1}
          >
            {chapter.section && (
              <header className="chapter-head">
                <h2 dir="auto">{chapter.section.title}</h2>
                {chapter.section.description && <p dir="auto">{chapter.section.description}</p>}
              </header>
            )}
            <PhotoGrid layout={front.presentation.layout} chapter={chapter} picked={picks.picked} onPick={picks.toggle} />
          </section>
        ))}
        {!waiting && <LoadMore query={all} />}
        <PickBar />
      </main>
      <Footer branding={front.branding} />
      {shown && inOrder.length > 0 && (
        <Lightbox
          photos={inOrder}
          photoId={shown}
          total={hasNextPage ? front.photoCount : inOrder.length}
          loadMore={more}
          complete={!hasNextPage}
          onShow={(id) => show(id, true)}
          onClose={() => show(null, true)}
          picks={picks}
          onBuy={setBuying}
        />
      )}
      {buying && <BuySheet photo={buying} onClose={() => setBuying(null)} />}
    </>
  );
}
