/** What opens one order on this device: it ends with the tab, because the mail's link opens the order again. */
export interface OrderSession {
  token: string;
  expiresAt: string;
}

const PREFIX = "proofsheet:order:";
const opened = new Map<string, OrderSession>();

export function readOrderSession(orderId: string): OrderSession | null {
  const session = opened.get(orderId) ?? stored(orderId);
  return session && Date.parse(session.expiresAt) > Date.now() ? session : null;
}

export function writeOrderSession(orderId: string, session: OrderSession): void {
  opened.set(orderId, session);
  try {
    sessionStorage.setItem(PREFIX + orderId, JSON.stringify(session));
  } catch {
    // Blocked storage: it lasts as long as the page.
  }
}

function stored(orderId: string): OrderSession | null {
  try {
    const text = sessionStorage.getItem(PREFIX + orderId);
    return text ? (JSON.parse(text) as OrderSession) : null;
  } catch {
    return null;
  }
}
