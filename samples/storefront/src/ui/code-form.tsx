import { problemOf } from "../api";
import { Field } from "./field";

/** What has been asked of the API. */
interface Step {
  isPending: boolean;
  isSuccess: boolean;
  error: unknown;
  reset: () => void;
}

export function CodeField({ value, onChange, hint }: { value: string; onChange: (code: string) => void; hint?: string }) {
  return (
    <Field
      label="The six digits from the mail"
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9]{6}"
      maxLength={6}
      required
      autoFocus
      value={value}
      onChange={(event) => onChange(event.target.value.replace(/[^0-9]/g, ""))}
      hint={hint}
    />
  );
}

/** Sends a code, then confirms it, or begins again; with what went wrong. */
export function CodeActions(props: { send: Step; confirm: Step; confirmLabel: string; againLabel: string; onAgain: () => void }) {
  const { send, confirm } = props;
  const error = confirm.error ?? send.error;
  return (
    <>
      {error != null && <p role="alert">{problemOf(error).detail}</p>}
      <div className="code-actions">
        <button type="submit" className="button" disabled={send.isPending || confirm.isPending}>
          {send.isSuccess ? props.confirmLabel : "Send me a code"}
        </button>
        {send.isSuccess && (
          <button
            type="button"
            className="link-button"
            onClick={() => {
              send.reset();
              confirm.reset();
              props.onAgain();
            }}
          >
            {props.againLabel}
          </button>
        )}
      </div>
    </>
  );
}
