import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import type { PhotoSelection } from "../api";
import { DownloadButton } from "../downloads/download-button";
import { useGallery } from "../gallery/context";
import { countText } from "../gallery/count-text";
import { PickRow } from "../gallery/pick-row";
import { SubmitSheet } from "../gallery/submit-sheet";
import { usePicks } from "../gallery/use-picks";
import { longDate, plural } from "../lib/text";
import { Footer, PageHead } from "../ui/chrome";
import { Icon } from "../ui/icons";
import { Sheet } from "../ui/modal";
import { PageSkeleton } from "../ui/skeletons";
import { useToasts } from "../ui/toasts";
import { Failed } from "./messages";

export default function PicksPage() {
  const { slug, front } = useGallery();
  const picks = usePicks();
  const [asking, setAsking] = useState<"submit" | "new" | null>(null);
  if (picks.query.isPending) {
    return <PageSkeleton label="Loading your picks" />;
  }

  if (picks.query.isError && picks.lists.length === 0) {
    return <Failed error={picks.query.error} retry={() => void picks.query.refetch()} />;
  }

  const { active, lists } = picks;
  return (
    <>
      <PageHead />
      <main className="page picks" id="main">
        <header className="page-title">
          <p className="eyebrow" dir="auto">
            {front.title}
          </p>
          <h1 dir="auto">{active?.name ?? "Your picks"}</h1>
          <p className="picks-count" aria-live="polite">
            {active ? countText(active, picks.waitingCount) : "Nothing picked yet"}
          </p>
          <div className="list-tabs" role="group" aria-label="Your lists">
            {lists.length > 1 &&
              lists.map((list) => (
                <button
                  key={list.id}
                  type="button"
                  className="tab"
                  aria-pressed={list.id === active?.id}
                  onClick={() => picks.choose(list.id)}
                >
                  <bdi>{list.name}</bdi> <span className="tab-count">{list.pickCount}</span>
                </button>
              ))}
            <button type="button" className="tab tab-new" onClick={() => setAsking("new")}>
              <Icon name="plus" />
              New list
            </button>
            {active && active.picks.length > 0 && <DownloadButton listId={active.id} label="Download" />}
          </div>
        </header>
        {active?.status === "submitted" && (
          <p className="notice" role="status">
            <Icon name="check" />
            Submitted{active.submittedAt ? ` on ${longDate(active.submittedAt)}` : ""}. <bdi>{front.branding.name}</bdi> has your picks. Ask
            them to open the list again if you change your mind.
          </p>
        )}
        {active?.status === "locked" && (
          <p className="notice">
            <Icon name="lock" />
            <bdi>{front.branding.name}</bdi> is working on these picks: the list is final.
          </p>
        )}
        {!active || active.picks.length === 0 ? (
          <div className="empty">
            <h2>Nothing picked yet</h2>
            <p>Touch the heart on a photograph that you love, and it waits for you here.</p>
            <Link className="button" to={`/g/${slug}`}>
              Back to the photographs
            </Link>
          </div>
        ) : (
          <>
            <ul className="pick-rows">
              {active.picks.map((pick, index) => (
                <PickRow
                  key={pick.photoId}
                  pick={pick}
                  index={index}
                  editable={active.status === "open"}
                  isWaiting={picks.isWaiting(pick.photoId)}
                  onRemove={() => picks.toggle(pick.photoId)}
                  onNote={(note) => picks.setNote(pick.photoId, note)}
                />
              ))}
            </ul>
            {active.status === "open" && (
              <div className="picks-end">
                <button type="button" className="button" disabled={picks.waitingCount > 0} onClick={() => setAsking("submit")}>
                  Submit {plural(active.pickCount, "pick")}
                </button>
                <p className="hint">
                  {picks.waitingCount > 0
                    ? "You can submit as soon as everything that waits has been sent."
                    : "You can add and remove until you submit."}
                </p>
              </div>
            )}
          </>
        )}
      </main>
      <Footer branding={front.branding} />
      {asking === "submit" && active && <SubmitSheet list={active} listsKey={picks.key} onClose={() => setAsking(null)} />}
      {asking === "new" && <NewListSheet listsKey={picks.key} onMade={picks.choose} onClose={() => setAsking(null)} />}
    </>
  );
}

function NewListSheet({ listsKey, onMade, onClose }: { listsKey: string[]; onMade: (id: string) => void; onClose: () => void }) {
  const { api } = useGallery();
  const toasts = useToasts();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation({
    mutationKey: listsKey,
    mutationFn: () => api.createSelection(name.trim()),
    onSuccess: (made) => {
      queries.setQueryData<PhotoSelection[]>(listsKey, (all) => [...(all ?? []), made]);
      onMade(made.id);
      onClose();
    },
    onError: (error) => toasts.fail(error),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) {
      create.mutate();
    }
  };
  return (
    <Sheet title="A new list" onClose={onClose}>
      <form onSubmit={submit}>
        <div className="field">
          <label htmlFor="list-name">Its name</label>
          <input
            id="list-name"
            dir="auto"
            required
            maxLength={100}
            value={name}
            placeholder="For the album"
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="sheet-actions">
          <button type="button" className="button button-quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button" disabled={create.isPending}>
            Make the list
          </button>
        </div>
      </form>
    </Sheet>
  );
}
