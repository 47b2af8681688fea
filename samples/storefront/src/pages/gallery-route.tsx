import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Outlet, useLocation, useNavigate, useParams } from "react-router";
import { front, type GalleryFront, isGone, problemOf, visitor } from "../api";
import { useLook, useTitle } from "../branding/brand";
import { GalleryContext } from "../gallery/context";
import { SendPicks } from "../gallery/send-picks";
import { useContinue, useInvitation, useUnlock } from "../gallery/use-unlock";
import { forgetSession, type GallerySession, isOpen, readSession, useSession, writeSession } from "../session";
import { useHeadingAfter } from "../ui/heading-focus";
import { PageSkeleton } from "../ui/skeletons";
import { useOnce } from "../ui/use-once";
import { LockedScreen } from "./locked-screen";
import { Failed, Message } from "./messages";

const INVITATION = "#invitation=";

/** Everything below /g/:slug: fetches the gallery, opens it, and shows the page of the URL. */
export function GalleryRoute() {
  const written = useParams().slug ?? "";
  // URLs are typed in capitals, and copied from cards.
  const slug = written.toLowerCase();
  const gallery = useQuery({ queryKey: ["front", slug], queryFn: ({ signal }) => front.gallery(slug, signal) });
  useLook(gallery.data?.branding, gallery.data?.presentation.theme);
  useTitle(gallery.data && `${gallery.data.title} · ${gallery.data.branding.name}`);
  if (gallery.isPending) {
    return <PageSkeleton label="Opening the gallery" />;
  }

  if (gallery.isError) {
    return <Failed error={gallery.error} retry={() => void gallery.refetch()} />;
  }

  return gallery.data.slug === written ? (
    <Opened key={slug} slug={slug} gallery={gallery.data} />
  ) : (
    <Moved from={slug} gallery={gallery.data} />
  );
}

/** The URL was spelled in another way, or the gallery has been renamed: continues at its current URL, for visitors who are in without asking again. */
function Moved({ from, gallery }: { from: string; gallery: GalleryFront }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { pathname, search, hash } = useLocation();
  const to = gallery.slug;
  useEffect(() => {
    const session = readSession(from);
    if (session && from !== to) {
      if (!readSession(to)) {
        writeSession(to, session);
      }

      forgetSession(from);
    }

    queries.setQueryData(["front", to], gallery);
    void navigate({ pathname: pathname.replace(/^\/g\/[^/]+/, `/g/${to}`), search, hash }, { replace: true });
  }, [queries, navigate, pathname, search, hash, from, to, gallery]);
  return <PageSkeleton label="Opening the gallery" />;
}

function Opened({ slug, gallery }: { slug: string; gallery: GalleryFront }) {
  const session = useSession(slug);
  const { hash } = useLocation();
  const open = isOpen(session);
  const token = open ? session.token : null;
  const galleryId = open ? session.galleryId : null;
  const value = useMemo(
    () => (token && galleryId ? { slug, galleryId, front: gallery, api: visitor(token, galleryId) } : null),
    [slug, galleryId, token, gallery],
  );
  const asks = !value && !hash.startsWith(INVITATION) && !canContinue(session) && gallery.requires !== "none";
  useHeadingAfter(asks);
  if (hash.startsWith(INVITATION)) {
    return <OpenByLink slug={slug} token={hash.slice(INVITATION.length)} />;
  }

  if (value) {
    return (
      <GalleryContext value={value}>
        <SendPicks />
        <Outlet />
      </GalleryContext>
    );
  }

  if (canContinue(session)) {
    return <OpenAgain key={session.token} slug={slug} refreshToken={session.refreshToken} />;
  }

  return asks ? <LockedScreen slug={slug} gallery={gallery} /> : <OpenByItself slug={slug} />;
}

/** Whether this device may come in again without the gallery's secret. */
function canContinue(session: GallerySession | null): session is GallerySession & { refreshToken: string } {
  return Boolean(session?.refreshToken) && !session?.needsSecret;
}

/** Opens the gallery with the token in the address, and takes it out of there. */
function OpenByLink({ slug, token }: { slug: string; token: string }) {
  const opening = useInvitation(slug);
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const { mutate } = opening;
  const without = () => void navigate({ pathname, search, hash: "" }, { replace: true });
  useOnce(() => mutate(token, { onSuccess: without }));
  if (!opening.isError) {
    return <PageSkeleton label="Opening the gallery" />;
  }

  const { status, detail } = problemOf(opening.error);
  const gone = isGone(opening.error);
  return (
    <Message
      title={gone ? "This link no longer works" : "That did not work"}
      actions={
        <>
          {!gone && (
            <button type="button" className="button" onClick={() => mutate(token, { onSuccess: without })}>
              Try again
            </button>
          )}
          <button type="button" className="button button-quiet" onClick={without}>
            Go to the gallery
          </button>
        </>
      }
    >
      <p>{status === 404 ? "It was replaced by a newer one, or withdrawn. Look for the latest message from the studio." : detail}</p>
    </Message>
  );
}

/** Continues the visit of this device. If that is no longer possible, the session says so, and the gallery asks for its secret. */
function OpenAgain({ slug, refreshToken }: { slug: string; refreshToken: string }) {
  const again = useContinue(slug);
  const { mutate } = again;
  useOnce(() => mutate(refreshToken));
  return again.isError ? <Failed error={again.error} retry={() => mutate(refreshToken)} /> : <PageSkeleton label="Opening the gallery" />;
}

/** Opens a gallery that requires nothing, without asking. */
function OpenByItself({ slug }: { slug: string }) {
  const unlock = useUnlock(slug);
  const { mutate } = unlock;
  useOnce(() => mutate({}));
  return unlock.isError ? <Failed error={unlock.error} retry={() => mutate({})} /> : <PageSkeleton label="Opening the gallery" />;
}
