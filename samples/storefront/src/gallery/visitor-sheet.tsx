import { useMutation } from "@tanstack/react-query";
import { problemOf, type Visitor } from "../api";
import { forgetSession, useSession } from "../session";
import { Sheet } from "../ui/modal";
import { useGallery } from "./context";
import { ProveForm } from "./prove-form";
import { useMe } from "./use-me";

/** Who is here, how to get the picks on another device, and how to leave this one. */
export function VisitorSheet({ onClose }: { onClose: () => void }) {
  const { slug, api } = useGallery();
  const session = useSession(slug);
  const me = useMe();
  const leave = useMutation({
    mutationKey: ["gallery", slug, "leave"],
    mutationFn: async () => session && api.leave(session.visitorId, session.sessionId),
    onSuccess: () => forgetSession(slug),
  });
  return (
    <Sheet title="You and this device" onClose={onClose}>
      {me.data && <WhoIs visitor={me.data} />}
      {me.data && !me.data.emailVerifiedAt && (
        <ProveForm visitor={me.data}>
          <h3>Your picks on all your devices</h3>
          <p>Confirm your e-mail address here and on your other devices, and your picks from all of them come together.</p>
        </ProveForm>
      )}
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

function WhoIs({ visitor }: { visitor: Visitor }) {
  return (
    <p>
      You are here as <bdi>{visitor.name ?? "a visitor"}</bdi>
      {visitor.emailVerifiedAt ? `, ${visitor.email}.` : "."}
    </p>
  );
}
