import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import type { Visit, Visitor } from "../api";
import { CodeActions, CodeField } from "../ui/code-form";
import { Field } from "../ui/field";
import { useGallery } from "./context";
import { useConfirmCode } from "./use-unlock";

interface ProveFormProps {
  /** Undefined if it is not known who the visitor is. */
  visitor: Visitor | undefined;
  autoFocus?: boolean;
  onProven?: (visit: Visit) => void;
  children: ReactNode;
}

/** Sends a code to an address of the visitor, and asks for it. */
export function ProveForm({ visitor, autoFocus, onProven, children }: ProveFormProps) {
  const { slug, api } = useGallery();
  const [email, setEmail] = useState(visitor?.email ?? "");
  const [code, setCode] = useState("");
  const send = useMutation({ mutationKey: ["gallery", slug, "code"], mutationFn: () => api.sendCode(email.trim()) });
  const confirm = useConfirmCode(slug, api, onProven);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (send.isSuccess) {
      confirm.mutate(code);
    } else {
      send.mutate();
    }
  };
  return (
    <form className="prove" onSubmit={submit}>
      {children}
      <Field
        label="Your e-mail"
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        autoFocus={autoFocus}
        value={email}
        readOnly={send.isSuccess}
        hint={hintOf(visitor?.maskedEmails ?? [])}
        onChange={(event) => setEmail(event.target.value)}
      />
      {send.isSuccess && <CodeField value={code} onChange={setCode} hint={`Sent to ${email.trim()}. They work for ten minutes.`} />}
      <CodeActions
        send={send}
        confirm={confirm}
        confirmLabel="Confirm"
        againLabel="Use another address or send a new code"
        onAgain={() => setCode("")}
      />
    </form>
  );
}

/** Whole addresses are not shown before one is proven, because the link may have been passed on. */
function hintOf(masked: readonly string[]): string | undefined {
  return masked.length > 0 ? `The studio has ${masked.join(", ")}.` : undefined;
}
