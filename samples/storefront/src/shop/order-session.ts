import { store, stored } from "../lib/storage";

/** What opens one order on this device: it ends with the tab, because the mail's link opens the order again. */
export interface OrderSession {
  token: string;
  expiresAt: string;
}

const PREFIX = "proofsheet:order:";
const opened = new Map<string, OrderSession>();

export function readOrderSession(orderId: string): OrderSession | null {
  const session = opened.get(orderId) ?? stored<OrderSession>("sessionStorage", PREFIX + orderId);
  return session && Date.parse(session.expiresAt) > Date.now() ? session : null;
}

export function writeOrderSession(orderId: string, session: OrderSession): void {
  opened.set(orderId, session);
  store("sessionStorage", PREFIX + orderId, session);
}
