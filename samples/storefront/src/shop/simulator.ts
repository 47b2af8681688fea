// With real payments, the provider's script turns the card into a token and shows the bank's page. When the API uses its simulator
// (openapi/internal.json), these two calls take their place.
import type { Payment, Proofsheet } from "@proofsheet/sdk";

export interface Card {
  number: string;
  expiryMonth: number;
  expiryYear: number;
  cvc: string;
}

export const simulatorOf = ({ client }: Proofsheet) => {
  const post = async <T>(url: string, body: unknown): Promise<T> =>
    (
      await client.post<{ 200: T }, unknown, true>({
        security: [{ scheme: "bearer", type: "http" }],
        url,
        body,
        headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
      })
    ).data as T;
  return {
    /** Creates a token of a test card, for `orders.pay`. */
    token: async (card: Card) => (await post<{ token: string }>("/v1/payments/simulator/tokens", card)).token,
    /** Sends the payer's response to the bank's confirmation. */
    authenticate: (paymentId: string, isApproved: boolean) =>
      post<Payment>(`/v1/payments/simulator/${encodeURIComponent(paymentId)}/authenticate`, { isApproved }),
  };
};
