// The only module that talks to Proofsheet.
import {
  createApiClient, createProofsheet, isProofsheetError, type Branding, type CoverUrls, type GalleryFront, type Photo as AnyPhoto, type UnlockGalleryRequest,
} from "@proofsheet/sdk";
import type { Crop } from "./lib/crop";
import type { Money } from "./lib/money";

export type { Branding, CoverUrls, Crop, GalleryFront, Money };

export interface Page<T> { data: T[]; nextCursor?: string | null }
export interface GalleryTeaser { slug: string; title: string; eventDate?: string | null; coverUrls?: CoverUrls | null; cover?: FocalPoint | null }
export interface FocalPoint { focalX: number; focalY: number }
export interface StorefrontFront { name: string; branding: Branding; galleries: GalleryTeaser[] }
export interface Section { id: string; title: string; description?: string | null }
/** What a visitor is shown is ready, and has its addresses. */
export type Photo = Omit<AnyPhoto, "urls"> & { urls: CoverUrls };
export interface Pick { photoId: string; note?: string | null; pickedAt?: string }
export interface Selection {
  id: string; name: string; note?: string | null; state: string; limit?: number | null; count: number; picks: Pick[]; submittedAt?: string | null;
}
export type Choices = Record<string, string>;
export interface Variant { options: Choices; price: Money; widthMm?: number | null; heightMm?: number | null }
export interface Offer {
  productId: string; name: string; kind: string; description?: string | null; options: { name: string; values: string[] }[]; variants: Variant[]; soldOut?: boolean;
}
export interface ShippingMethod { id: string; name: string; price: Money; description?: string | null }
export interface CartItem {
  id: string; photoId: string; productId: string; productName: string; kind: string; options: Choices; quantity: number;
  unitPrice: Money; lineTotal: Money; crop?: Crop | null; problem?: string | null;
}
export interface Cart {
  id: string; currency: string; items: CartItem[]; subtotal: Money; discount: Money; shipping: Money; tax: Money; total: Money;
  discountCode?: string | null; shippingMethodId?: string | null; needsShipping: boolean; state: string; shippingMethods?: ShippingMethod[]; taxName?: string;
  pricesIncludeTax?: boolean; discountHolds?: boolean;
}
export interface NewItem { photoId: string; productId: string; options: Choices; quantity: number; crop?: Crop }
export interface Address { line1: string; line2?: string; city: string; postalCode: string; region?: string; country: string }
export interface CheckoutRequest { email: string; name: string; shippingAddress?: Address; note?: string; expectedTotal: Money }
export interface Payment {
  id: string; status: string; declineCode?: string | null; declineMessage?: string | null; nextAction?: { kind: string; url?: string | null } | null;
}
export interface OrderItem {
  id: string; photoId: string; fileName: string; productName: string; kind: string; options: Choices; quantity: number;
  unitPrice: Money; lineTotal: Money; status: string; crop?: Crop | null;
}
export interface Order {
  id: string; number: string; state: string; email: string; name: string; items: OrderItem[]; subtotal: Money; discount: Money; shipping: Money;
  tax: Money; total: Money; discountCode?: string | null; shippingAddress?: Address | null; taxName?: string; pricesIncludeTax?: boolean; createdAt: string; paidAt?: string | null; payment?: Payment | null;
}
export interface Card { number: string; expiryMonth: number; expiryYear: number; cvc: string }
export interface Downloads {
  items: { grantId: string; photoId: string; fileName: string; size: number; url: string; downloadsLeft: number; expiresAt: string }[];
  zipUrl?: string | null;
}

/** What went wrong, in the words of the API; `status` 0 when it could not be reached. */
export function problemOf(error: unknown): { status: number; code: string; detail: string; retryAfterSeconds?: number } {
  return isProofsheetError(error) && error.status > 0
    ? { status: error.status, code: error.code, detail: error.message, retryAfterSeconds: error.retryAfter }
    : { status: 0, code: "offline", detail: "We could not reach the gallery. Check your connection and try again." };
}

const config = { apiUrl: "", publishableKey: "" };

export async function configure(): Promise<void> {
  const answer = await fetch("/config.json");
  Object.assign(config, await answer.json());
}

function studio(retry?: { retries: number }) {
  return createProofsheet({ baseUrl: config.apiUrl, key: config.publishableKey, retry });
}

type Abort = AbortSignal | undefined;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
interface Details { query?: Record<string, string | number>; body?: unknown; signal?: AbortSignal }

async function call<T>(token: string, method: Method, path: string, { query, body, signal }: Details = {}): Promise<T> {
  const client = createApiClient({ baseUrl: config.apiUrl, token });
  const answer = await client.request({
    method, url: `/v1${path}`, query, body, signal, throwOnError: true, security: [{ scheme: "bearer", type: "http" }],
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...(method === "POST" ? { "Idempotency-Key": newKey() } : {}) },
  });
  return answer.data as T;
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Signed addresses are relative to the API; the page is elsewhere. */
function absolute<T extends string | null | undefined>(address: T): T {
  return (address ? new URL(address, config.apiUrl).href : address) as T;
}

function withCover<T extends { coverUrls?: CoverUrls | null }>(gallery: T): T {
  return { ...gallery, coverUrls: gallery.coverUrls && urls(gallery.coverUrls) };
}

function withLogo(branding: Branding): Branding {
  return { ...branding, logoUrl: absolute(branding.logoUrl) };
}

function urls({ thumbnail, preview, large }: CoverUrls): CoverUrls {
  return { thumbnail: absolute(thumbnail), preview: absolute(preview), large: absolute(large) };
}

function shown(photo: AnyPhoto): Photo {
  return { ...photo, urls: urls(photo.urls!), srcset: photo.srcset.map((source) => ({ ...source, url: absolute(source.url) })) };
}

/** What anybody may see: reached with the studio's publishable key. */
export const front = {
  studio: async (signal?: Abort) => {
    const studio = await call<StorefrontFront>(config.publishableKey, "GET", "/storefront", { signal });
    return { ...studio, branding: withLogo(studio.branding), galleries: studio.galleries.map(withCover) };
  },
  gallery: async (slug: string, signal?: Abort): Promise<GalleryFront> => {
    const gallery = withCover(await studio().storefront.getGalleryFront(slug, { signal }));
    return { ...gallery, branding: withLogo(gallery.branding) };
  },
  // Not repeated by itself: the visitor is told how long to wait, and no guess is counted twice.
  unlock: (slug: string, request: UnlockGalleryRequest) => studio({ retries: 0 }).storefront.unlockGallery(slug, request),
};

/** What the visitor of one gallery may see and do: reached with the token that unlocking gave. */
export function visitor(token: string, galleryId: string) {
  const get = <T>(path: string, signal?: Abort, query?: Details["query"]) => call<T>(token, "GET", path, { signal, query });
  const send = <T>(method: Method, path: string, body?: unknown) => call<T>(token, method, path, { body });
  const me = studio().as(token);
  const gallery = `/galleries/${galleryId}`;
  return {
    sections: async (signal?: Abort) => (await get<Page<Section>>(`${gallery}/sections`, signal)).data,
    photos: async (cursor: string | null, signal?: Abort) => {
      const page = await me.photos.list(galleryId, { limit: 100, sort: "position", ...(cursor ? { cursor } : {}) }, { signal });
      return { ...page, data: page.data.map(shown) };
    },
    photo: async (photoId: string, signal?: Abort) => shown(await me.photos.get(photoId, undefined, { signal })),

    selections: async (signal?: Abort) => (await get<Page<Selection>>(`${gallery}/selections`, signal)).data,
    createSelection: (name: string) => send<Selection>("POST", `${gallery}/selections`, { name }),
    updateSelection: (id: string, change: { name?: string; note?: string | null }) => send<Selection>("PATCH", `/selections/${id}`, change),
    pick: (id: string, photoId: string, note?: string | null) => send<Selection>("PUT", `/selections/${id}/picks/${photoId}`, note === undefined ? {} : { note }),
    unpick: (id: string, photoId: string) => send<Selection | undefined>("DELETE", `/selections/${id}/picks/${photoId}`),
    submit: (id: string) => send<Selection>("POST", `/selections/${id}/submit`),

    offers: async (signal?: Abort) => (await get<Page<Offer>>(`${gallery}/products`, signal)).data,
    requote: (id: string) => send<Cart>("POST", `/carts/${id}/requote`),
    createCart: () => send<Cart>("POST", `${gallery}/carts`),
    cart: (id: string, signal?: Abort) => get<Cart>(`/carts/${id}`, signal),
    addItem: (id: string, item: NewItem) => send<Cart>("POST", `/carts/${id}/items`, item),
    changeItem: (id: string, itemId: string, quantity: number) => send<Cart>("PATCH", `/carts/${id}/items/${itemId}`, { quantity }),
    removeItem: (id: string, itemId: string) => send<Cart>("DELETE", `/carts/${id}/items/${itemId}`),
    setDiscount: (id: string, code: string) => send<Cart>("PUT", `/carts/${id}/discount`, { code }),
    removeDiscount: (id: string) => send<Cart>("DELETE", `/carts/${id}/discount`),
    setShipping: (id: string, shippingMethodId: string) => send<Cart>("PUT", `/carts/${id}/shipping`, { shippingMethodId }),
    checkout: (id: string, request: CheckoutRequest) => send<{ order: Order; payment: Payment }>("POST", `/carts/${id}/checkout`, request),

    order: (id: string, signal?: Abort) => get<Order>(`/orders/${id}`, signal),
    orders: async (signal?: Abort) => (await get<Page<Order>>("/orders", signal)).data,
    downloads: async (id: string, signal?: Abort) => {
      const { items, zipUrl } = await get<Downloads>(`/orders/${id}/downloads`, signal);
      return { items: items.map((file) => ({ ...file, url: absolute(file.url) })), zipUrl: absolute(zipUrl) };
    },
    cardToken: async (card: Card) => (await send<{ token: string }>("POST", "/payments/simulator/tokens", card)).token,
    pay: (orderId: string, paymentToken: string) => send<Payment>("POST", `/orders/${orderId}/payments`, { paymentToken }),
    authenticate: (paymentId: string, approve: boolean) => send<Payment>("POST", `/payments/simulator/${paymentId}/authenticate`, { approve }),
  };
}

export type VisitorApi = ReturnType<typeof visitor>;
