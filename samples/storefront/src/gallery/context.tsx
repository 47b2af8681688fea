import { createContext, useContext } from "react";
import type { GalleryFront, VisitorApi } from "../api";

export interface OpenGallery {
  slug: string;
  galleryId: string;
  front: GalleryFront;
  api: VisitorApi;
}

export const GalleryContext = createContext<OpenGallery | null>(null);

/** The gallery that the visitor has opened; only for use inside GalleryRoute. */
export function useGallery(): OpenGallery {
  const gallery = useContext(GalleryContext);
  if (!gallery) {
    throw new Error("useGallery outside of an open gallery");
  }

  return gallery;
}
