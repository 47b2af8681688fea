import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { front } from "../api";
import { useLook, useTitle } from "../branding/brand";
import { longDate } from "../lib/text";
import { Footer, StudioName } from "../ui/chrome";
import { PageSkeleton } from "../ui/skeletons";
import { Failed } from "./messages";

export function FrontPage() {
  const studio = useQuery({ queryKey: ["front"], queryFn: ({ signal }) => front.studio(signal) });
  const listed = useInfiniteQuery({
    queryKey: ["front", "galleries"],
    queryFn: ({ pageParam, signal }) => front.galleries(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  useLook(studio.data?.branding);
  useTitle(studio.data?.name);
  if (studio.isPending || listed.isPending) {
    return <PageSkeleton />;
  }

  if (studio.isError) {
    return <Failed error={studio.error} retry={() => void studio.refetch()} />;
  }

  // Galleries that are shown already stay when the next page fails.
  if (!listed.data) {
    return <Failed error={listed.error} retry={() => void listed.refetch()} />;
  }

  const { branding, name } = studio.data;
  const galleries = listed.data.pages.flatMap((page) => page.data);
  return (
    <>
      <header className="front-head">
        <h1>
          <StudioName branding={branding} name={name} />
        </h1>
        {branding.tagline && (
          <p className="eyebrow" dir="auto">
            {branding.tagline}
          </p>
        )}
        {branding.welcomeText && (
          <p className="front-welcome" dir="auto">
            {branding.welcomeText}
          </p>
        )}
      </header>
      <main className="page front" id="main">
        <h2 className="visually-hidden">Galleries</h2>
        {galleries.length === 0 ? (
          <p className="empty">There are no galleries to show at the moment. If you were sent a link to yours, open it from there.</p>
        ) : (
          <ul className="front-galleries">
            {galleries.map((gallery) => (
              <li key={gallery.slug}>
                <Link to={`/g/${gallery.slug}`} className="front-card">
                  <span className="front-picture">
                    {!gallery.cover?.urls && (
                      <span className="front-initial" aria-hidden="true">
                        {[...gallery.title][0]}
                      </span>
                    )}
                    {gallery.cover?.urls && (
                      <img
                        src={gallery.cover.urls.preview}
                        srcSet={`${gallery.cover.urls.thumbnail} 300w, ${gallery.cover.urls.preview} 1200w`}
                        sizes="(min-width: 900px) 30vw, (min-width: 600px) 46vw, 92vw"
                        alt=""
                        loading="lazy"
                        style={{ objectPosition: `${gallery.cover.focalX * 100}% ${gallery.cover.focalY * 100}%` }}
                      />
                    )}
                  </span>
                  <span className="front-title" dir="auto">
                    {gallery.title}
                  </span>
                  {gallery.eventDate && <span className="front-date">{longDate(gallery.eventDate)}</span>}
                  {gallery.requires !== "none" && (
                    <span className="front-date">Opens with a {gallery.requires === "pin" ? "PIN" : "password"}</span>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        )}
        {listed.hasNextPage && (
          <button type="button" className="button button-quiet" disabled={listed.isFetching} onClick={() => void listed.fetchNextPage()}>
            {listed.isFetching ? "Loading …" : listed.isError ? "Try again" : "Show more galleries"}
          </button>
        )}
      </main>
      <Footer branding={branding} />
    </>
  );
}
