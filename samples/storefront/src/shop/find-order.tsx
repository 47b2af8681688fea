import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { front, problemOf } from "../api";
import { useLook, useTitle } from "../branding/brand";
import { Footer } from "../ui/chrome";
import { Field } from "../ui/field";
import { writeOrderSession } from "./order-session";

/** Finds an order by its number and e-mail address, with a code that is sent there. */
export function FindOrder({ reason, retry }: { reason?: unknown; retry?: () => void }) {
  const studio = useQuery({ queryKey: ["front"], queryFn: ({ signal }) => front.studio(signal) }).data;
  const navigate = useNavigate();
  const [number, setNumber] = useState("");
  const [email, setEmail] = useState("");
  const [code, setCode] = useState("");
  useLook(studio?.branding);
  useTitle("Find your order");
  const send = useMutation({ mutationFn: () => front.sendOrderCode(number.trim(), email.trim()) });
  const open = useMutation({
    mutationFn: () => front.openOrder({ number: number.trim(), email: email.trim(), code }),
    onSuccess: (opened) => {
      writeOrderSession(opened.orderId, opened);
      void navigate(`/orders/${opened.orderId}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    (send.isSuccess ? open : send).mutate();
  };
  const error = open.error ?? send.error;
  return (
    <>
      <main className="page find-order" id="main">
        <header className="page-title">
          <h1>Find your order</h1>
          <p>
            {reason
              ? why(reason)
              : "The link in the mail about your order opens it on any device. Without it, the order’s number and your e-mail address do."}
          </p>
          {reason !== undefined && retry && problemOf(reason).status !== 404 && problemOf(reason).status !== 410 && (
            <button type="button" className="link-button" onClick={retry}>
              Try the link again
            </button>
          )}
        </header>
        <form onSubmit={submit}>
          <Field
            label="Order number"
            required
            maxLength={20}
            value={number}
            readOnly={send.isSuccess}
            onChange={(event) => setNumber(event.target.value)}
          />
          <Field
            label="Your e-mail"
            type="email"
            autoComplete="email"
            required
            maxLength={254}
            value={email}
            readOnly={send.isSuccess}
            onChange={(event) => setEmail(event.target.value)}
          />
          {send.isSuccess && (
            <>
              <p role="status">If there is such an order, six digits are on their way to {email.trim()}. They work for ten minutes.</p>
              <Field
                label="The six digits from the mail"
                inputMode="numeric"
                autoComplete="one-time-code"
                pattern="[0-9]{6}"
                maxLength={6}
                required
                autoFocus
                value={code}
                onChange={(event) => setCode(event.target.value.replace(/[^0-9]/g, ""))}
              />
            </>
          )}
          {error && <p role="alert">{problemOf(error).detail}</p>}
          <div className="prove-actions">
            <button type="submit" className="button" disabled={send.isPending || open.isPending}>
              {send.isSuccess ? "Open the order" : "Send me a code"}
            </button>
            {send.isSuccess && (
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  send.reset();
                  open.reset();
                  setCode("");
                }}
              >
                Another number or address
              </button>
            )}
          </div>
        </form>
      </main>
      {studio && <Footer branding={studio.branding} />}
    </>
  );
}

function why(reason: unknown): string {
  const { status, detail } = problemOf(reason);
  return status === 404 || status === 410 ? "This link no longer opens the order. The order’s number and your e-mail address do." : detail;
}

export default FindOrder;
