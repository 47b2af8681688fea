import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { type Branding, front, problemOf } from "../api";
import { useBranding, useLook, useTitle } from "../branding/brand";
import { Footer, StudioName } from "../ui/chrome";

interface MessageProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  branding: Branding | undefined;
}

/** A page that says one thing, under the studio's name as far as it is known. */
function MessagePage({ title, children, actions, branding }: MessageProps) {
  useTitle(branding ? `${title} · ${branding.name}` : title);
  return (
    <>
      {branding && (
        <header className="message-head">
          <Link to="/">
            <StudioName branding={branding} />
          </Link>
        </header>
      )}
      <main className="message" id="main">
        <h1>{title}</h1>
        {children}
        {actions && <div className="message-actions">{actions}</div>}
      </main>
      {branding && <Footer branding={branding} />}
    </>
  );
}

export function Message(props: Omit<MessageProps, "branding">) {
  return <MessagePage {...props} branding={useBranding() ?? undefined} />;
}

/** The branding of the page before, or else the studio's: also a page that is not there is the studio's. */
function useStudioBranding(): Branding | undefined {
  const known = useBranding();
  const studio = useQuery({ queryKey: ["front"], queryFn: ({ signal }) => front.studio(signal), enabled: !known }).data;
  useLook(known ? undefined : studio?.branding);
  return known ?? studio?.branding;
}

export function NotFound() {
  return (
    <MessagePage
      branding={useStudioBranding()}
      title="There is nothing here"
      actions={
        <Link className="button" to="/">
          To the studio’s page
        </Link>
      }
    >
      <p>The address may be mistyped, or what it led to has been taken down. Look again at the message you were sent.</p>
    </MessagePage>
  );
}

export function Expired() {
  // The gallery itself is no longer available; the studio's storefront still says whose it was.
  const branding = useStudioBranding();
  const contact = branding?.contactEmail;
  return (
    <MessagePage
      branding={branding}
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
    </MessagePage>
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
