// The only module that talks to Proofsheet.
import {
  type AddCartItemRequest,
  type Photo as AnyPhoto,
  type CheckoutRequest,
  createProofsheet,
  type GetDownloadOptionsResponse,
  isProofsheetError,
  type OpenOrderRequest,
  type PhotoUrls,
  type DownloadOptions as Receiving,
  type RedeemLinkRequest,
  type RequestDownloadRequest,
  type UnlockGalleryRequest,
  type UpdateSelectionRequest,
} from "@proofsheet/sdk";
import { config } from "./config";
import { type Card, simulatorOf } from "./shop/simulator";

export type {
  Branding,
  Cart,
  CartItem,
  CheckoutRequest,
  Crop,
  DigitalSize,
  GalleryCover,
  GalleryDownload,
  GalleryFront,
  Money,
  Offer,
  OfferVariant,
  Order,
  OrderItem,
  Payment,
  PhotoSelection,
  PickedPhoto,
  Section,
  ShippingAddress,
  Visit,
  Visitor,
} from "@proofsheet/sdk";

/** A photo as visitors see it: it is ready, so it has URLs. */
export type Photo = Omit<AnyPhoto, "urls"> & { urls: PhotoUrls };
export type Choices = Record<string, string>;
export type NewItem = AddCartItemRequest;
/** What the gallery's rules let the visitor download. */
export type DownloadOffer = GetDownloadOptionsResponse;
export type DownloadRequest = RequestDownloadRequest;

/** The problem as the API describes it; `status` is 0 when the API could not be reached. */
export function problemOf(error: unknown): { status: number; code: string; detail: string; retryAfterSeconds?: number } {
  return isProofsheetError(error) && error.status > 0
    ? { status: error.status, code: error.code, detail: error.message, retryAfterSeconds: error.retryAfter }
    : { status: 0, code: "offline", detail: "We could not reach the gallery. Check your connection and try again." };
}

/** True if it is not there, or no longer. */
export function isGone(error: unknown): boolean {
  return [404, 410].includes(problemOf(error).status);
}

function studio(retry?: { retries: number }) {
  return createProofsheet({ baseUrl: config.apiUrl, key: config.publishableKey, retry });
}

function shown(photo: AnyPhoto): Photo {
  return { ...photo, urls: photo.urls! };
}

/** What anyone may see, with the studio's publishable key. */
export const front = {
  studio: (signal: AbortSignal) => studio().storefront.get({ signal }),
  galleries: (cursor: string | null, signal: AbortSignal) =>
    studio().storefront.listGalleries({ limit: 48, ...(cursor ? { cursor } : {}) }, { signal }),
  gallery: (slug: string, signal: AbortSignal) => studio().storefront.getGalleryFront(slug, { signal }),
  // Not retried: the visitor is told how long to wait, and no guess is counted twice.
  unlock: (slug: string, request: UnlockGalleryRequest) => studio({ retries: 0 }).storefront.unlockGallery(slug, request),
  refresh: (refreshToken: string) => studio().storefront.refreshVisit({ refreshToken }),
  redeem: (request: RedeemLinkRequest) => studio().storefront.redeemLink(request),
  sendOrderCode: (number: string, email: string) => studio({ retries: 0 }).storefront.requestOrderCode({ number, email }),
  openOrder: (request: OpenOrderRequest) => studio({ retries: 0 }).storefront.openOrder(request),
};

/** What the visitor of one gallery may see and do, with the token from unlocking it. */
export function visitor(token: string, galleryId: string) {
  const proofsheet = studio().as(token);
  const { photos, sections, selections, catalog, carts, orders, visitors } = proofsheet;
  return {
    sections: (signal: AbortSignal) => sections.listAll(galleryId, undefined, { signal }).toArray(),
    photos: async (cursor: string | null, signal: AbortSignal) => {
      const page = await photos.list(galleryId, { limit: 100, sort: "position", ...(cursor ? { cursor } : {}) }, { signal });
      return { ...page, data: page.data.map(shown) };
    },
    photo: async (photoId: string, signal: AbortSignal) => shown(await photos.get(photoId, undefined, { signal })),

    selections: (signal: AbortSignal) => selections.listAll(galleryId, undefined, { signal }).toArray(),
    createSelection: (name: string) => selections.create(galleryId, { name }),
    updateSelection: (id: string, change: UpdateSelectionRequest) => selections.update(id, change),
    pick: (id: string, photoId: string, note?: string | null) =>
      selections.pickPhoto(id, photoId, note === undefined ? undefined : { note }),
    unpick: (id: string, photoId: string) => selections.unpickPhoto(id, photoId),
    submit: (id: string) => selections.submit(id),

    downloadOffer: (signal: AbortSignal) => proofsheet.downloads.getOptions(galleryId, { signal }),
    requestDownload: (request: DownloadRequest, signal: AbortSignal) => proofsheet.downloads.request(galleryId, request, { signal }),
    requestedDownload: (id: string, signal: AbortSignal) => proofsheet.downloads.getGallery(galleryId, id, { signal }),
    receive: (url: string, options: Receiving) => proofsheet.download(url, options),
    /** Fails if the address would be answered with an error: a link to it would then leave the page. */
    checkFile: async (url: string, signal: AbortSignal) => {
      const answer = await proofsheet.connection.fetch(url, { method: "HEAD", redirect: "manual", signal });
      if (!answer.ok && answer.type !== "opaqueredirect") {
        await (await proofsheet.download(url, { signal })).stream.cancel();
      }
    },

    offers: (signal: AbortSignal) => catalog.listGalleryProductsAll(galleryId, undefined, { signal }).toArray(),
    createCart: () => carts.create(galleryId),
    cart: (id: string, signal?: AbortSignal) => carts.get(id, { signal }),
    refresh: (id: string) => carts.refresh(id),
    addItem: (id: string, item: NewItem) => carts.addItem(id, item),
    changeItem: (id: string, itemId: string, quantity: number) => carts.updateItem(id, itemId, { quantity }),
    removeItem: (id: string, itemId: string) => carts.removeItem(id, itemId),
    setDiscount: (id: string, code: string) => carts.setDiscount(id, { code }),
    removeDiscount: (id: string) => carts.removeDiscount(id),
    setShipping: (id: string, shippingMethodId: string) => carts.setShipping(id, { shippingMethodId }),

    checkout: (cartId: string, request: CheckoutRequest) => orders.checkout(cartId, request),
    orders: (signal: AbortSignal) => orders.listAll(undefined, { signal }).toArray(),
    ...buying(proofsheet),

    me: (signal: AbortSignal) => visitors.get({ signal }),
    giveEmail: (email: string) => visitors.update({ email }),
    sendCode: (email: string) => visitors.requestCode({ email }),
    confirmCode: (code: string) => visitors.confirmCode({ code }),
    leave: (visitorId: string, sessionId: string) => visitors.revokeSession(visitorId, sessionId),
  };
}

/** What someone may see and do who opened one order by its link or a code. */
export function buyer(token: string) {
  return buying(studio().as(token));
}

function buying(proofsheet: ReturnType<typeof studio>) {
  const { downloads, orders } = proofsheet;
  const simulator = simulatorOf(proofsheet);
  return {
    order: (id: string, signal: AbortSignal) => orders.get(id, { signal }),
    downloads: async (orderId: string, signal: AbortSignal) => {
      let page = await downloads.listOrder(orderId, { limit: 200 }, { signal });
      const files = [...page.data];
      while (page.nextCursor) {
        page = await downloads.listOrder(orderId, { limit: 200, cursor: page.nextCursor }, { signal });
        files.push(...page.data);
      }
      return { files, zipUrl: page.zipUrl };
    },
    cardToken: (card: Card) => simulator.token(card),
    pay: (orderId: string, paymentToken: string) => orders.pay(orderId, { paymentToken }),
    authenticate: (paymentId: string, isApproved: boolean) => simulator.authenticate(paymentId, isApproved),
  };
}

export type VisitorApi = ReturnType<typeof visitor>;
export type BuyerApi = ReturnType<typeof buyer>;
