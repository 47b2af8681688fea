import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isGone, type PhotoSelection, problemOf, type Visit } from "../api";
import { isolated, plural } from "../lib/text";
import { Sheet } from "../ui/modal";
import { useToasts } from "../ui/toasts";
import { useGallery } from "./context";
import { ProveForm } from "./prove-form";
import { useMe } from "./use-me";

/** Asks before a list is submitted. On a device that has only the client's link it also asks for a code, and then submits by itself. */
export function SubmitSheet({ list, listsKey, onClose }: { list: PhotoSelection; listsKey: string[]; onClose: () => void }) {
  const { api, front } = useGallery();
  const toasts = useToasts();
  const queries = useQueryClient();
  const [note, setNote] = useState(list.note ?? "");
  const [isProving, setProving] = useState(false);
  const submit = useMutation({
    mutationKey: listsKey,
    mutationFn: async (_: { isProven: boolean }) => {
      if (note.trim() !== (list.note ?? "")) {
        await api.updateSelection(list.id, { note: note.trim() || null });
      }

      return api.submit(list.id);
    },
    onSuccess: (submitted) => {
      queries.setQueryData<PhotoSelection[]>(listsKey, (all) => all?.map((other) => (other.id === submitted.id ? submitted : other)));
      // Lists that were requested before, because the device had a new token, may still say that this one is open.
      void queries.invalidateQueries({ queryKey: listsKey });
      toasts.say(`Submitted. ${isolated(front.branding.name)} has your picks.`);
      onClose();
      window.scrollTo({ top: 0 });
    },
    onError: (error, { isProven }) => {
      if (problemOf(error).code === "confirmation_required") {
        setProving(true);
      } else if (isProven && isGone(error)) {
        const name = list.visitorName ?? "this client";
        toasts.say(`The studio does not have that address for ${name}, so nothing was submitted. You are here as yourself now.`);
        onClose();
      } else {
        toasts.fail(error);
      }
    },
  });
  const proven = (visit: Visit) => {
    setProving(false);
    if (visit.visitorId !== list.visitorId) {
      // The lists below the sheet are being loaded anew.
      onClose();
    }

    submit.mutate({ isProven: true });
  };
  if (isProving) {
    return <ProveSheet name={list.visitorName} onProven={proven} onClose={onClose} />;
  }

  const left = list.pickLimit == null ? 0 : list.pickLimit - list.pickCount;
  return (
    <Sheet title={`Submit ${plural(list.pickCount, "pick")}?`} onClose={onClose}>
      <p>
        <bdi>{front.branding.name}</bdi> is told which photographs you chose. After that the list can only be changed when they open it
        again.
      </p>
      {left > 0 && <p className="notice">You could still pick {left} more.</p>}
      <div className="field">
        <label htmlFor="submit-note">
          A note to the photographer <span className="optional">(optional)</span>
        </label>
        <textarea id="submit-note" dir="auto" rows={3} maxLength={1000} value={note} onChange={(event) => setNote(event.target.value)} />
      </div>
      <div className="sheet-actions">
        <button type="button" className="button button-quiet" onClick={onClose}>
          Not yet
        </button>
        <button type="button" className="button" disabled={submit.isPending} onClick={() => submit.mutate({ isProven: false })}>
          {submit.isPending ? "Submitting …" : "Submit"}
        </button>
      </div>
    </Sheet>
  );
}

function ProveSheet({ name, onProven, onClose }: { name: string | null; onProven: (visit: Visit) => void; onClose: () => void }) {
  const me = useMe();
  return (
    <Sheet title={`To submit${name ? ` for ${name}` : ""}, confirm that it is you`} onClose={onClose}>
      {!me.isPending && (
        <ProveForm visitor={me.data} onProven={onProven} autoFocus>
          <p>Everyone with the link can pick. Before the list is submitted, we send a code to an e-mail address that the studio knows.</p>
        </ProveForm>
      )}
    </Sheet>
  );
}
