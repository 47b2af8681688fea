import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { Outlet, useParams } from "react-router";
import { front, type GalleryFront, visitor } from "../api";
import { useLook, useTitle } from "../branding/brand";
import { GalleryContext } from "../gallery/context";
import { useUnlock } from "../gallery/use-unlock";
import { isOpen, useSession } from "../session";
import { PageSkeleton } from "../ui/skeletons";
import { LockedScreen } from "./locked-screen";
import { Failed } from "./messages";

/** Everything below /g/:slug: fetches the gallery, opens it, and shows the page of the URL. */
export function GalleryRoute() {
  const slug = useParams().slug ?? "";
  const gallery = useQuery({ queryKey: ["front", slug], queryFn: ({ signal }) => front.gallery(slug, signal) });
  useLook(gallery.data?.branding, gallery.data?.presentation.theme);
  useTitle(gallery.data && `${gallery.data.title} · ${gallery.data.branding.name}`);
  if (gallery.isPending) {
    return <PageSkeleton label="Opening the gallery" />;
  }

  if (gallery.isError) {
    return <Failed error={gallery.error} retry={() => void gallery.refetch()} />;
  }

  return <Opened key={slug} slug={slug} gallery={gallery.data} />;
}

function Opened({ slug, gallery }: { slug: string; gallery: GalleryFront }) {
  const session = useSession(slug);
  const open = isOpen(session);
  const token = open ? session.token : null;
  const galleryId = open ? session.galleryId : null;
  const value = useMemo(
    () => (token && galleryId ? { slug, galleryId, front: gallery, api: visitor(token, galleryId) } : null),
    [slug, galleryId, token, gallery],
  );
  if (value) {
    return (
      <GalleryContext value={value}>
        <Outlet />
      </GalleryContext>
    );
  }

  return gallery.requires === "none" ? <OpenByItself slug={slug} /> : <LockedScreen slug={slug} gallery={gallery} />;
}

/** Opens a gallery that requires nothing, without asking. */
function OpenByItself({ slug }: { slug: string }) {
  const unlock = useUnlock(slug);
  const started = useRef(false);
  const { mutate } = unlock;
  useEffect(() => {
    if (!started.current) {
      started.current = true;
      mutate({});
    }
  }, [mutate]);
  return unlock.isError ? <Failed error={unlock.error} retry={() => mutate({})} /> : <PageSkeleton label="Opening the gallery" />;
}
