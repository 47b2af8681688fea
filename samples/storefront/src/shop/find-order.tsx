import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { front, isGone, problemOf } from "../api";
import { useLook, useTitle } from "../branding/brand";
import { Footer } from "../ui/chrome";
import { CodeActions, CodeField } from "../ui/code-form";
import { Field } from "../ui/field";
import { writeOrderSession } from "./order-session";

/** Finds an order by its number and e-mail address, with a code that is sent there. */
export default function FindOrder({ link }: { link?: { error: unknown; retry: () => void } }) {
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
  return (
    <>
      <main className="page find-order" id="main">
        <header className="page-title">
          <h1>Find your order</h1>
          <p>
            {link
              ? why(link.error)
              : "The link in the mail about your order opens it on any device. If you do not have it, enter the order’s number and your e-mail address."}
          </p>
          {link && !isGone(link.error) && (
            <button type="button" className="link-button" onClick={link.retry}>
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
              <CodeField value={code} onChange={setCode} />
            </>
          )}
          <CodeActions
            send={send}
            confirm={open}
            confirmLabel="Open the order"
            againLabel="Another number or address"
            onAgain={() => setCode("")}
          />
        </form>
      </main>
      {studio && <Footer branding={studio.branding} />}
    </>
  );
}

function why(error: unknown): string {
  return isGone(error)
    ? "This link no longer opens the order. Enter the order’s number and your e-mail address instead."
    : problemOf(error).detail;
}
