// The only module that talks to Proofsheet.
import type { Crop } from "./lib/crop";
import type { Money } from "./lib/money";

export type { Crop, Money };

export interface Page<T> { data: T[]; nextCursor?: string | null }
export interface Branding {
  name: string; tagline?: string | null; primaryColor?: string; accentColor?: string; backgroundColor?: string; textColor?: string;
  headingFont?: string; bodyFont?: string; welcomeText?: string | null; footerText?: string | null; websiteUrl?: string | null;
  contactEmail?: string | null; logoUrl?: string | null;
}
export interface Source { width: number; url: string }
export interface GalleryTeaser { slug: string; title: string; eventDate?: string | null; coverUrls?: CoverUrls | null; cover?: FocalPoint | null }
export interface CoverUrls { thumbnail: string; preview: string; large: string }
export interface FocalPoint { focalX: number; focalY: number }
export interface StorefrontFront { name: string; branding: Branding; galleries: GalleryTeaser[] }
export interface GalleryFront {
  slug: string; title: string; description?: string | null; eventDate?: string | null; state: string; requires: "none" | "password" | "pin";
  layout: string; theme: string; coverUrls?: CoverUrls | null; cover?: FocalPoint | null; photoCount?: number; branding: Branding;
}
export interface Unlocked { token: string; expiresAt: string; visitorId: string; galleryId: string }
export interface UnlockRequest { pin?: string; password?: string; visitorName?: string; visitorEmail?: string; visitorToken?: string }
export interface Gallery {
  id: string; slug: string; title: string; description?: string | null; layout: string; theme: string; state: string;
  selectionLimit?: number | null; proofingClosedAt?: string | null; expiresAt?: string | null;
}
export interface Section { id: string; title: string; description?: string | null }
export interface Photo {
  id: string; sectionId?: string | null; fileName: string; title?: string | null; caption?: string | null; altText?: string | null;
  width: number; height: number; placeholder?: string | null; colors?: string[]; urls: CoverUrls; srcset: Source[];
}
export interface Pick { photoId: string; note?: string | null; pickedAt?: string }
export interface Selection {
  id: string; name: string; note?: string | null; state: string; limit?: number | null; count: number; picks: Pick[]; submittedAt?: string | null;
}
export type Choices = Record<string, string>;
export interface Variant { options: Choices; price: Money; widthMm?: number | null; heightMm?: number | null }
export interface Offer {
  productId: string; name: string; kind: string; description?: string | null; options: { name: string; values: string[] }[]; variants: Variant[];
}
export interface ShippingMethod { id: string; name: string; price: Money; description?: string | null }
export interface CartItem {
  id: string; photoId: string; productId: string; productName: string; kind: string; options: Choices; quantity: number;
  unitPrice: Money; lineTotal: Money; crop?: Crop | null; problem?: string | null;
}
export interface Cart {
  id: string; currency: string; items: CartItem[]; subtotal: Money; discount: Money; shipping: Money; tax: Money; total: Money;
  discountCode?: string | null; shippingMethodId?: string | null; needsShipping: boolean; state: string; shippingMethods?: ShippingMethod[];
}
export interface NewItem { photoId: string; productId: string; options: Choices; quantity: number; crop?: Crop }
export interface Address { line1: string; line2?: string; city: string; postalCode: string; region?: string; country: string }
export interface CheckoutRequest { email: string; name: string; shippingAddress?: Address; note?: string; expectedTotal: Money }
export interface Payment {
  id: string; status: string; declineCode?: string | null; declineMessage?: string | null; provider?: string | null;
}
export interface OrderItem {
  id: string; photoId: string; fileName: string; productName: string; kind: string; options: Choices; quantity: number;
  unitPrice: Money; lineTotal: Money; status: string;
}
export interface Order {
  id: string; number: string; state: string; email: string; name: string; items: OrderItem[]; subtotal: Money; discount: Money; shipping: Money;
  tax: Money; total: Money; discountCode?: string | null; shippingAddress?: Address | null; createdAt: string; paidAt?: string | null; payment?: Payment | null;
}
export interface Card { number: string; expiryMonth: number; expiryYear: number; cvc: string }
export interface Downloads {
  items: { grantId: string; photoId: string; fileName: string; size: number; url: string; downloadsLeft: number; expiresAt: string }[];
  zipUrl?: string | null;
}

export class ApiProblem extends Error {
  constructor(readonly status: number, readonly code: string, detail: string, readonly retryAfterSeconds?: number) {
    super(detail);
  }
}

/** What went wrong, in the words of the API; `status` 0 when it could not be reached. */
export function problemOf(error: unknown): { status: number; code: string; detail: string; retryAfterSeconds?: number } {
  if (error instanceof ApiProblem) {
    return { status: error.status, code: error.code, detail: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }

  return { status: 0, code: "offline", detail: "We could not reach the gallery. Check your connection and try again." };
}

let settings = { apiUrl: "", publishableKey: "" };

export async function configure(): Promise<void> {
  const answer = await fetch("/config.json");
  settings = await answer.json() as typeof settings;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

async function call<T>(token: string, method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(`${settings.apiUrl}/v1${path}`, {
    method,
    signal,
    headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 204) {
    return undefined as T;
  }

  const json = await answer.json().catch(() => ({})) as { code?: string; detail?: string };
  if (!answer.ok) {
    throw new ApiProblem(answer.status, json.code ?? "error", json.detail ?? "Something went wrong.", Number(answer.headers.get("Retry-After")) || undefined);
  }

  return json as T;
}

type Abort = AbortSignal | undefined;

/** What anybody may see: reached with the studio's publishable key. */
export const front = {
  studio: (signal?: Abort) => call<StorefrontFront>(settings.publishableKey, "GET", "/storefront", undefined, signal),
  gallery: (slug: string, signal?: Abort) => call<GalleryFront>(settings.publishableKey, "GET", `/storefront/galleries/${encodeURIComponent(slug)}`, undefined, signal),
  unlock: (slug: string, request: UnlockRequest) => call<Unlocked>(settings.publishableKey, "POST", `/storefront/galleries/${encodeURIComponent(slug)}/unlock`, request),
};

/** What the visitor of one gallery may see and do: reached with the token that unlocking gave. */
export function visitor(token: string, galleryId: string) {
  const get = <T>(path: string, signal?: Abort) => call<T>(token, "GET", path, undefined, signal);
  const send = <T>(method: Method, path: string, body?: unknown) => call<T>(token, method, path, body);
  const gallery = `/galleries/${galleryId}`;
  return {
    gallery: (signal?: Abort) => get<Gallery>(gallery, signal),
    sections: async (signal?: Abort) => (await get<Page<Section>>(`${gallery}/sections`, signal)).data,
    photos: (cursor: string | null, signal?: Abort) =>
      get<Page<Photo>>(`${gallery}/photos?limit=60&sort=position${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`, signal),
    photo: (photoId: string, signal?: Abort) => get<Photo>(`/photos/${photoId}`, signal),

    selections: async (signal?: Abort) => (await get<Page<Selection>>(`${gallery}/selections`, signal)).data,
    createSelection: (name: string) => send<Selection>("POST", `${gallery}/selections`, { name }),
    updateSelection: (id: string, change: { name?: string; note?: string | null }) => send<Selection>("PATCH", `/selections/${id}`, change),
    pick: (id: string, photoId: string, note?: string | null) => send<Selection>("PUT", `/selections/${id}/picks/${photoId}`, note === undefined ? {} : { note }),
    unpick: (id: string, photoId: string) => send<Selection | undefined>("DELETE", `/selections/${id}/picks/${photoId}`),
    submit: (id: string) => send<Selection>("POST", `/selections/${id}/submit`),

    offers: async (signal?: Abort) => (await get<Page<Offer>>(`${gallery}/products`, signal)).data,
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
    downloads: (id: string, signal?: Abort) => get<Downloads>(`/orders/${id}/downloads`, signal),
    cardToken: async (card: Card) => (await send<{ token: string }>("POST", "/payments/simulator/tokens", card)).token,
    pay: (orderId: string, paymentToken: string) => send<Payment>("POST", `/orders/${orderId}/payments`, { paymentToken }),
    authenticate: (paymentId: string, approve: boolean) => send<Payment>("POST", `/payments/simulator/${paymentId}/authenticate`, { approve }),
  };
}

export type VisitorApi = ReturnType<typeof visitor>;
