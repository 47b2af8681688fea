// Where payments are real, the provider's own script makes a token of the card and shows the bank's page. Where the API takes them
// by its simulator (openapi/internal.json), these two calls stand in for that.
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
    /** A token of a test card, for `orders.pay`. */
    token: async (card: Card) => (await post<{ token: string }>("/v1/payments/simulator/tokens", card)).token,
    /** The payer's answer to the bank. */
    authenticate: (paymentId: string, isApproved: boolean) =>
      post<Payment>(`/v1/payments/simulator/${encodeURIComponent(paymentId)}/authenticate`, { isApproved }),
  };
};
