import { createContext, useContext } from "react";
import type { Branding, BuyerApi } from "../api";
import { GalleryContext } from "../gallery/context";

/** Where an order is looked at: in its gallery, or alone, by the link of a mail or a code. */
export interface OrderPlace {
  /** The beginning of the keys under which the order's data is kept. */
  scope: readonly [string, string];
  api: BuyerApi;
  branding: Branding;
  /** Null if the gallery is not open on this device. */
  slug: string | null;
}

export const OrderPlaceContext = createContext<OrderPlace | null>(null);

export function useOrderPlace(): OrderPlace {
  const alone = useContext(OrderPlaceContext);
  const gallery = useContext(GalleryContext);
  if (alone) {
    return alone;
  }

  if (!gallery) {
    throw new Error("useOrderPlace outside of a gallery and an order");
  }

  return { scope: ["gallery", gallery.slug], api: gallery.api, branding: gallery.front.branding, slug: gallery.slug };
}
