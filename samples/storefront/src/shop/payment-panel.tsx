import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Order, type Payment, problemOf } from "../api";
import { formatMoney } from "../lib/money";
import { Field } from "../ui/field";
import { Icon } from "../ui/icons";
import { type CardFields, expiryText, groupedNumber, readCard } from "./card";
import { useOrderPlace } from "./order-place";
import type { Card } from "./simulator";

const TEST_CARDS = [
  ["4242 4242 4242 4242", "is paid at once"],
  ["4000 0025 0000 3155", "asks you to confirm"],
  ["4000 0000 0000 0002", "is declined"],
  ["4000 0000 0000 0077", "is paid a little later"],
] as const;

/** Everything between an order and its payment: the card, the bank's confirmation, waiting, a decline. */
export function PaymentPanel({ order, payment }: { order: Order; payment: Payment }) {
  const { scope, api } = useOrderPlace();
  const queries = useQueryClient();
  const key = [...scope, "order", order.id];
  const take = (next: Payment) => {
    queries.setQueryData<Order>(key, (old) => old && { ...old, payment: next });
    void queries.invalidateQueries({ queryKey: key });
  };
  const pay = useMutation({
    mutationKey: [...scope, "payment"],
    mutationFn: async (card: Card) => api.pay(order.id, await api.cardToken(card)),
    onSuccess: take,
    onError: () => void queries.invalidateQueries({ queryKey: key }),
  });
  const authenticate = useMutation({
    mutationKey: [...scope, "payment"],
    mutationFn: (approve: boolean) => api.authenticate(payment.id, approve),
    onSuccess: take,
  });

  if (payment.status === "processing") {
    return (
      <section className="payment" aria-labelledby="payment-title" role="status">
        <h2 id="payment-title">Your payment is on its way</h2>
        <p>The bank is still working on it. You can stay here, or close this page: we write to {order.email} when it has arrived.</p>
        <div className="progress-line" />
      </section>
    );
  }

  if (payment.status === "requires_action" && payment.nextAction?.url) {
    return (
      <section className="payment" aria-labelledby="payment-title">
        <h2 id="payment-title">Your bank wants to be sure that it is you</h2>
        <p>It asks you on its own page, and brings you back here.</p>
        <a className="button" href={payment.nextAction.url}>
          Go to the bank’s page
        </a>
      </section>
    );
  }

  if (payment.status === "requires_action") {
    return (
      <section className="payment" aria-labelledby="payment-title">
        <h2 id="payment-title">Your bank wants to be sure that it is you</h2>
        <p>
          A real bank would show its own page here. The simulator asks you instead: is this payment of {formatMoney(order.total)} yours?
        </p>
        <div role="alert">{authenticate.isError && <p className="field-error">{problemOf(authenticate.error).detail}</p>}</div>
        <div className="sheet-actions">
          <button
            type="button"
            className="button button-quiet"
            disabled={authenticate.isPending}
            onClick={() => authenticate.mutate(false)}
          >
            No, stop it
          </button>
          <button type="button" className="button" disabled={authenticate.isPending} onClick={() => authenticate.mutate(true)}>
            Yes, confirm
          </button>
        </div>
      </section>
    );
  }

  const declined = payment.status === "declined" ? (payment.declineMessage ?? "The bank declined the card. Try another card.") : null;
  return (
    <section className="payment" aria-labelledby="payment-title">
      <h2 id="payment-title">Pay {formatMoney(order.total)}</h2>
      <div role="alert">
        {pay.isError && <p className="notice notice-bad">{problemOf(pay.error).detail}</p>}
        {!pay.isError && !pay.isPending && declined && <p className="notice notice-bad">{declined} Nothing was charged.</p>}
      </div>
      <CardForm busy={pay.isPending} onPay={(card) => pay.mutate(card)} amount={formatMoney(order.total)} />
    </section>
  );
}

function CardForm({ busy, onPay, amount }: { busy: boolean; onPay: (card: Card) => void; amount: string }) {
  const [fields, setFields] = useState<CardFields>({ number: "", expiry: "", cvc: "" });
  const [checked, setChecked] = useState(false);
  const read = readCard(fields, new Date());
  const errors: Partial<Record<keyof CardFields, string>> = checked && "errors" in read ? read.errors : {};
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if ("card" in read) {
      onPay(read.card);
    } else {
      (event.currentTarget.elements.namedItem(Object.keys(read.errors)[0]!) as HTMLElement | null)?.focus();
    }
  };
  return (
    <form onSubmit={submit} noValidate>
      <Field
        label="Card number"
        name="number"
        required
        inputMode="numeric"
        autoComplete="cc-number"
        value={fields.number}
        error={errors.number}
        placeholder="4242 4242 4242 4242"
        onChange={(event) => setFields({ ...fields, number: groupedNumber(event.target.value) })}
      />
      <div className="field-row">
        <Field
          label="Valid until"
          name="expiry"
          required
          inputMode="numeric"
          autoComplete="cc-exp"
          value={fields.expiry}
          error={errors.expiry}
          placeholder="MM / YY"
          onChange={(event) => setFields({ ...fields, expiry: expiryText(event.target.value, fields.expiry) })}
        />
        <Field
          label="Security code"
          name="cvc"
          required
          inputMode="numeric"
          autoComplete="cc-csc"
          value={fields.cvc}
          error={errors.cvc}
          placeholder="123"
          onChange={(event) => setFields({ ...fields, cvc: event.target.value.replace(/\D/g, "").slice(0, 4) })}
        />
      </div>
      <button type="submit" className="button button-wide" disabled={busy}>
        <Icon name="lock" />
        {busy ? "Paying …" : `Pay ${amount}`}
      </button>
      <details className="test-cards">
        <summary>This is a test: no money moves. Which cards work?</summary>
        <ul>
          {TEST_CARDS.map(([number, what]) => (
            <li key={number}>
              <button
                type="button"
                className="link-button"
                onClick={() => setFields({ number, expiry: `12 / ${(new Date().getFullYear() + 2) % 100}`, cvc: "123" })}
              >
                {number}
              </button>{" "}
              {what}
            </li>
          ))}
        </ul>
      </details>
    </form>
  );
}
