import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { type GalleryFront, problemOf } from "../api";
import { Cover } from "../gallery/cover";
import { useUnlock } from "../gallery/use-unlock";
import { digitsInWords, isWholePin } from "../lib/pin";
import { longDate, waiting } from "../lib/text";
import { Icon } from "../ui/icons";
import { PinInput } from "../ui/pin-input";

export function LockedScreen({ slug, gallery }: { slug: string; gallery: GalleryFront }) {
  const unlock = useUnlock(slug);
  const [pin, setPin] = useState("");
  const [password, setPassword] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [shared, setShared] = useState(false);
  const [hint, setHint] = useState<string | null>(null);
  const wait = useWait(unlock.error);
  const secret = useRef<HTMLInputElement>(null);
  const titleId = useId();
  const errorId = useId();
  const byPin = gallery.requires === "pin";
  const pinLength = gallery.pinLength ?? 6;
  const told = hint ?? (unlock.isError ? kindly(unlock.error, wait) : null);

  // Ready to be typed into: on opening, and again when the wait is over.
  useEffect(() => {
    if (wait === 0 && (document.activeElement ?? document.body) === document.body) {
      secret.current?.focus({ preventScroll: true });
    }
  }, [wait]);
  const described = told ? `${titleId} ${errorId}` : titleId;

  const open = (withPin = pin) => {
    if (unlock.isPending || wait > 0) {
      return;
    }

    if (byPin ? !isWholePin(withPin, pinLength) : password === "") {
      setHint(byPin ? `The PIN has ${digitsInWords(pinLength)} digits.` : "Enter the password first.");
      secret.current?.focus();
      return;
    }

    setHint(null);
    unlock.mutate(
      {
        ...(byPin ? { pin: withPin } : { password }),
        visitorName: name.trim() || undefined,
        visitorEmail: email.trim() || undefined,
        isRemembered: !shared,
      },
      {
        onError: () => {
          setPin("");
          secret.current?.focus();
        },
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open();
  };

  return (
    <main className="locked" id="main">
      <Cover cover={gallery.presentation.cover} blurred />
      <div className="locked-inner">
        <p className="eyebrow" dir="auto">
          {gallery.branding.name}
        </p>
        <h1 id={titleId} dir="auto">
          {gallery.title}
        </h1>
        {gallery.eventDate && <p className="locked-date">{longDate(gallery.eventDate)}</p>}
        <form onSubmit={submit} noValidate>
          {byPin ? (
            <PinInput
              ref={secret}
              length={pinLength}
              value={pin}
              onChange={setPin}
              onWhole={open}
              describedBy={described}
              disabled={wait > 0}
            />
          ) : (
            <label className="locked-field">
              <span>Password</span>
              <input
                ref={secret}
                type="password"
                autoComplete="current-password"
                value={password}
                disabled={wait > 0}
                aria-describedby={described}
                onChange={(event) => setPassword(event.target.value)}
              />
            </label>
          )}
          <div role="alert" id={errorId} className="locked-told">
            {told}
          </div>
          <details>
            <summary>
              Tell <bdi>{gallery.branding.name}</bdi> who is looking <span className="optional">(optional)</span>
            </summary>
            <label className="locked-field">
              <span>Your name</span>
              <input dir="auto" autoComplete="name" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
            </label>
            <label className="locked-field">
              <span>Your e-mail</span>
              <input type="email" autoComplete="email" maxLength={254} value={email} onChange={(event) => setEmail(event.target.value)} />
            </label>
          </details>
          <label className="locked-check">
            <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
            <span>This is a shared computer</span>
          </label>
          <button type="submit" className="button button-light" disabled={unlock.isPending || wait > 0}>
            <Icon name="lock" />
            {unlock.isPending ? "Opening …" : wait > 0 ? `Try again in ${waiting(wait)}` : "Open the gallery"}
          </button>
        </form>
      </div>
    </main>
  );
}

/** The seconds until the next attempt is allowed, counting down. */
function useWait(error: unknown): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const problem = error ? problemOf(error) : null;
    if (problem?.status !== 429) {
      setSeconds(0);
      return;
    }

    const until = Date.now() + (problem.retryAfterSeconds ?? 30) * 1000;
    const tell = () => setSeconds(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tell();
    const timer = setInterval(tell, 1000);
    return () => clearInterval(timer);
  }, [error]);
  return seconds;
}

function kindly(error: unknown, wait: number): string {
  const problem = problemOf(error);
  switch (problem.code) {
    case "wrong_pin":
      return "That PIN does not open this gallery. Look again at the message you were sent.";
    case "wrong_password":
      return "That password does not open this gallery. Capital letters count.";
    case "too_many_attempts":
      return wait > 0 ? "That was tried a few times too often. Take a breath; you can try again shortly." : "You can try again now.";
    default:
      return problem.detail;
  }
}
