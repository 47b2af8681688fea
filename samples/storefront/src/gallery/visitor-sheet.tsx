import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, type Visitor } from "../api";
import { forgetSession, useSession } from "../session";
import { CodeActions, CodeField } from "../ui/code-form";
import { Field } from "../ui/field";
import { Sheet } from "../ui/modal";
import { useGallery } from "./context";
import { useConfirmCode } from "./use-unlock";

/** Who is here, how to get the picks on another device, and how to leave this one. */
export function VisitorSheet({ onClose }: { onClose: () => void }) {
  const { slug, api } = useGallery();
  const session = useSession(slug);
  const me = useQuery({ queryKey: ["gallery", slug, "me", session?.visitorId], queryFn: ({ signal }) => api.me(signal), staleTime: 0 });
  const leave = useMutation({
    mutationKey: ["gallery", slug, "leave"],
    mutationFn: async () => session && api.leave(session.visitorId, session.sessionId),
    onSuccess: () => forgetSession(slug),
  });
  return (
    <Sheet title="You and this device" onClose={onClose}>
      {me.data && <p>{whoIs(me.data)}</p>}
      {me.data && !me.data.emailVerifiedAt && <Prove visitor={me.data} />}
      <p className="hint">
        {session?.refreshToken
          ? "This device is remembered for 30 days, so your picks are here when you come back."
          : "This device forgets you when you close the tab."}
      </p>
      {(me.isError || leave.isError) && <p role="alert">{problemOf(me.error ?? leave.error).detail}</p>}
      <button type="button" className="button button-quiet visitor-leave" disabled={leave.isPending} onClick={() => leave.mutate()}>
        Not you? Leave on this device
      </button>
    </Sheet>
  );
}

/** Sends a code to an address, and asks for it. */
function Prove({ visitor }: { visitor: Visitor }) {
  const { slug, api } = useGallery();
  const [email, setEmail] = useState(visitor.email ?? "");
  const [code, setCode] = useState("");
  const send = useMutation({ mutationKey: ["gallery", slug, "code"], mutationFn: () => api.sendCode(email.trim()) });
  const confirm = useConfirmCode(slug, api);
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
      <h3>Your picks on all your devices</h3>
      <p>Confirm your e-mail address here and on your other devices, and your picks from all of them come together.</p>
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

function whoIs(visitor: Visitor): string {
  const name = visitor.name ?? "a visitor";
  return visitor.emailVerifiedAt ? `You are here as ${name}, ${visitor.email}.` : `You are here as ${name}.`;
}
