import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Photo, Section } from "../api";
import { useGallery } from "./context";

export function usePhotos() {
  const { slug, api } = useGallery();
  const query = useInfiniteQuery({
    queryKey: ["gallery", slug, "photos"],
    queryFn: ({ pageParam, signal }) => api.photos(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // The signed URLs of the pictures are valid far longer, and the order of a gallery rarely changes.
    staleTime: 15 * 60_000,
  });
  const photos = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data]);
  return { ...query, photos };
}

export function useSections() {
  const { slug, api } = useGallery();
  return useQuery({ queryKey: ["gallery", slug, "sections"], queryFn: ({ signal }) => api.sections(signal), staleTime: 15 * 60_000 });
}

/** One photo, from the loaded pages or else from the API. */
export function usePhoto(photoId: string) {
  const { slug, api } = useGallery();
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["gallery", slug, "photo", photoId],
    queryFn: ({ signal }) => api.photo(photoId, signal),
    initialData: () =>
      queries
        .getQueryData<InfiniteData<{ data: Photo[] }>>(["gallery", slug, "photos"])
        ?.pages.flatMap((page) => page.data)
        .find((photo) => photo.id === photoId),
    staleTime: 15 * 60_000,
  });
}

export interface Chapter {
  section: Section | null;
  photos: Photo[];
  /** The index of the chapter's first photo in the whole gallery. */
  start: number;
}

/** The photos grouped by section, in the order of the sections; those without a section come first. */
export function chaptersOf(photos: readonly Photo[], sections: readonly Section[]): Chapter[] {
  const known = new Set(sections.map((section) => section.id));
  let start = 0;
  return [null, ...sections].flatMap((section) => {
    const own = photos.filter((photo) => (section ? photo.sectionId === section.id : !photo.sectionId || !known.has(photo.sectionId)));
    const chapter = { section, photos: own, start };
    start += own.length;
    return own.length > 0 ? [chapter] : [];
  });
}
