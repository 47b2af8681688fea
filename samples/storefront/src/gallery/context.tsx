import { createContext, useContext } from "react";
import type { GalleryFront, VisitorApi } from "../api";

export interface OpenGallery {
  slug: string;
  galleryId: string;
  front: GalleryFront;
  api: VisitorApi;
}

export const GalleryContext = createContext<OpenGallery | null>(null);

/** The gallery that this visitor has opened; only for what is shown inside GalleryRoute. */
export function useGallery(): OpenGallery {
  const gallery = useContext(GalleryContext);
  if (!gallery) {
    throw new Error("useGallery outside of an open gallery");
  }

  return gallery;
}
