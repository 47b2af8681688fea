import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { front, problemOf } from "../api";
import { useLook, useTitle } from "../branding/brand";

export function Message({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  useTitle(title);
  return (
    <main className="message" id="main">
      <h1>{title}</h1>
      {children}
      {actions && <div className="message-actions">{actions}</div>}
    </main>
  );
}

export function NotFound() {
  return (
    <Message
      title="There is nothing here"
      actions={
        <Link className="button" to="/">
          To the studio’s page
        </Link>
      }
    >
      <p>The address may be mistyped, or what it led to has been taken down. Look again at the message you were sent.</p>
    </Message>
  );
}

export function Expired() {
  // The gallery itself is no longer available; the studio's storefront still says whose it was.
  const studio = useQuery({ queryKey: ["front"], queryFn: ({ signal }) => front.studio(signal) }).data;
  useLook(studio?.branding);
  const contact = studio?.branding.contactEmail;
  return (
    <Message
      title="This gallery has closed"
      actions={
        contact ? (
          <a className="button" href={`mailto:${contact}`}>
            Write to the studio
          </a>
        ) : (
          <Link className="button" to="/">
            To the studio’s page
          </Link>
        )
      }
    >
      <p>
        It was open for a limited time. The photographs are safe with the studio: write to them if you would like to see the gallery again.
      </p>
      <p>
        <Link to="/orders">Find an order</Link> that you placed here.
      </p>
    </Message>
  );
}

/** Shows the error in the API's own words, with a button to try again. */
export function Failed({ error, retry, title = "That did not work" }: { error: unknown; retry: () => void; title?: string }) {
  const problem = problemOf(error);
  if (problem.status === 410) {
    return <Expired />;
  }

  if (problem.status === 404) {
    return <NotFound />;
  }

  return (
    <Message
      title={title}
      actions={
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      }
    >
      <p>{problem.detail}</p>
    </Message>
  );
}
