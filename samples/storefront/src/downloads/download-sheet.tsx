import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { createPortal } from "react-dom";
import type { DigitalSize, DownloadOffer, DownloadRequest, Photo } from "../api";
import { useGallery } from "../gallery/context";
import { usePicks } from "../gallery/use-picks";
import { NOT_YET } from "../gallery/waiting-picks";
import { fileSize, plural } from "../lib/text";
import { Field } from "../ui/field";
import { Sheet } from "../ui/modal";
import { isShareable, MOST_SHARED, nextFiles, sharesFiles } from "./sharing";
import { type Stage, useDownload } from "./use-download";
import { failureText, limitsOf, refusalText, sizeDetail, sizeName } from "./words";

// The gallery's PIN for downloads is asked for once, until the page is left.
const pins = new Map<string, string>();
const ALL = "all";

interface DownloadSheetProps {
  offer: DownloadOffer;
  /** This photo alone. */
  photo?: Photo;
  /** The list that is chosen at first; without one, all photographs are. */
  listId?: string;
  onClose: () => void;
}

/** Asks what to download and in which size, says what the studio allows, and shows how far it is. */
export function DownloadSheet({ offer, photo, listId, onClose }: DownloadSheetProps) {
  // At the end of the page: inside the lightbox, the sheet would have its colors.
  return createPortal(
    <Sheet title={photo ? "Download this photograph" : "Download photographs"} onClose={onClose}>
      {offer.allowsDownloads ? (
        <Chooser offer={offer} photo={photo} listId={listId} onClose={onClose} />
      ) : (
        <Refused offer={offer} onClose={onClose} />
      )}
    </Sheet>,
    document.body,
  );
}

function Chooser({ offer, photo, listId, onClose }: DownloadSheetProps) {
  const { slug, front } = useGallery();
  const { lists } = usePicks();
  const { stage, start, share } = useDownload();
  const [size, setSize] = useState<DigitalSize>(offer.sizes[0]!);
  const [chosen, setChosen] = useState(listId ?? ALL);
  const [pin, setPin] = useState(pins.get(slug) ?? "");
  const picked = lists.filter((list) => list.pickCount > 0 && list.id !== NOT_YET);
  const list = picked.find((other) => other.id === chosen);
  const count = photo ? 1 : (list?.pickCount ?? front.photoCount);
  const canShare = sharesFiles(photo && size !== "web" ? photo.currentVersion.fileName : undefined);
  const shares = canShare && isShareable(count, null);
  const busy = stage.at === "preparing" || stage.at === "receiving";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) {
      return;
    }

    if (stage.at === "sharing") {
      void share(stage.sharing);
    } else if (stage.at === "shared" || stage.at === "begun") {
      onClose();
    } else {
      const request: DownloadRequest = {
        size,
        ...(photo ? { photoIds: [photo.id] } : list ? { selectionId: list.id } : {}),
        ...(offer.requiresPin ? { pin } : {}),
      };
      pins.set(slug, pin);
      void start(request, shares);
    }
  };
  const isOpen = stage.at === "nothing" || stage.at === "failed";
  return (
    <form className="download-form" onSubmit={submit}>
      {isOpen && (
        <>
          {!photo && picked.length > 0 && (
            <fieldset className="choices choices-lines">
              <legend>Which photographs</legend>
              <Choice name="what" checked={!list} onChoose={() => setChosen(ALL)} detail={plural(front.photoCount, "photograph")}>
                All of them
              </Choice>
              {picked.map((other) => (
                <Choice
                  key={other.id}
                  name="what"
                  checked={other === list}
                  onChoose={() => setChosen(other.id)}
                  detail={plural(other.pickCount, "photograph")}
                >
                  {picked.length > 1 ? <bdi>{other.name}</bdi> : "Your picks"}
                </Choice>
              ))}
            </fieldset>
          )}
          <fieldset className="choices choices-lines">
            <legend>Which size</legend>
            {offer.sizes.map((other) => (
              <Choice
                key={other}
                name="size"
                checked={other === size}
                onChoose={() => setSize(other)}
                detail={sizeDetail(other, offer, photo?.currentVersion)}
              >
                {sizeName(other)}
              </Choice>
            ))}
          </fieldset>
          {offer.requiresPin && (
            <Field
              label="PIN for downloads"
              inputMode="numeric"
              autoComplete="off"
              pattern="[0-9]*"
              required
              maxLength={12}
              value={pin}
              hint="The studio has given it to those who may download."
              onChange={(event) => setPin(event.target.value.replace(/\D/g, ""))}
            />
          )}
          <Limits offer={offer} many={count > 1} canShare={canShare} />
        </>
      )}
      <div role="alert">{stage.at === "failed" && <p className="field-error">{failureText(stage.error)}</p>}</div>
      <Progress stage={stage} />
      <div className="sheet-actions">
        {stage.at !== "shared" && stage.at !== "begun" && (
          <button type="button" className="button button-quiet" onClick={onClose}>
            Cancel
          </button>
        )}
        {/* Not disabled while it works, because a disabled button loses the focus. */}
        <button type="submit" className="button" aria-disabled={busy}>
          {actionText(stage, shares, count)}
        </button>
      </div>
    </form>
  );
}

function actionText(stage: Stage, shares: boolean, count: number): string {
  switch (stage.at) {
    case "preparing":
      return "Preparing …";
    case "receiving":
      return "Receiving …";
    case "sharing": {
      const { files, shared } = stage.sharing;
      const next = nextFiles(stage.sharing).length;
      const which = next > 1 ? `${shared + 1} to ${shared + next}` : `${shared + 1}`;
      return `Save or share ${next === files.length ? plural(next, "photograph") : `${which} of ${files.length}`}`;
    }
    case "shared":
    case "begun":
      return "Close";
    default:
      return shares ? "Save or share" : count > 1 ? "Download as ZIP" : "Download";
  }
}

function Choice(props: { name: string; checked: boolean; onChoose: () => void; detail: string; children: ReactNode }) {
  return (
    <label className="choice">
      <input type="radio" name={props.name} checked={props.checked} onChange={props.onChoose} />
      <span>
        {props.children}
        <small>{props.detail}</small>
      </span>
    </label>
  );
}

function Limits({ offer, many, canShare }: { offer: DownloadOffer; many: boolean; canShare: boolean }) {
  const together = canShare
    ? `Up to ${plural(MOST_SHARED, "photograph")} can be saved as pictures; more come together in a ZIP file.`
    : "They come together in a ZIP file.";
  const limits = [...(many ? [together] : []), ...limitsOf(offer)];
  return limits.length > 0 ? (
    <ul className="download-limits">
      {limits.map((limit) => (
        <li key={limit}>{limit}</li>
      ))}
    </ul>
  ) : null;
}

/** What is going on: announced when it changes, while the figures only move. */
function Progress({ stage }: { stage: Stage }) {
  return (
    <div className="download-progress">
      <div role="status">
        {stage.at === "preparing" && <p>The files are being made ready. You can close this and come back.</p>}
        {stage.at === "receiving" && <p>The files are on their way to this device.</p>}
        {stage.at === "sharing" && (
          <p>
            {stage.sharing.shared > 0
              ? `${stage.sharing.shared} of ${stage.sharing.files.length} are done.`
              : "Ready to be saved or shared."}
          </p>
        )}
        {stage.at === "shared" && <p>Done: {plural(stage.count, "photograph")}.</p>}
        {stage.at === "begun" && (
          <p>
            Your download has begun{stage.link.bytes > 0 ? ` (${fileSize(stage.link.bytes)})` : ""}. Your browser shows how far it is.{" "}
            <a href={stage.link.url} download={stage.link.fileName ?? ""}>
              Download it again
            </a>{" "}
            if nothing happens.
          </p>
        )}
      </div>
      {stage.at === "preparing" && (
        <Bar label="Made ready" done={stage.done} total={stage.total} text={`${stage.done} of ${stage.total}`} />
      )}
      {stage.at === "receiving" && (
        <Bar
          label="Received"
          done={stage.bytes}
          total={stage.total ?? 0}
          text={stage.total ? `${fileSize(stage.bytes)} of ${fileSize(stage.total)}` : fileSize(stage.bytes)}
        />
      )}
    </div>
  );
}

function Bar({ label, done, total, text }: { label: string; done: number; total: number; text: string }) {
  return (
    <p className="download-bar">
      <progress aria-label={label} {...(total > 0 ? { value: done, max: total } : {})} />
      <span aria-hidden="true">{total > 0 ? text : ""}</span>
    </p>
  );
}

/** Says why nothing can be downloaded, and asks for the address if that is all that is missing. */
function Refused({ offer, onClose }: { offer: DownloadOffer; onClose: () => void }) {
  const { slug, api } = useGallery();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const give = useMutation({
    mutationKey: ["gallery", slug, "email"],
    mutationFn: () => api.giveEmail(email.trim()),
    onSuccess: () => Promise.all(["me", "download-offer"].map((name) => queries.invalidateQueries({ queryKey: ["gallery", slug, name] }))),
  });
  const asks = offer.reason !== "downloads_ended";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asks) {
      give.mutate();
    } else {
      onClose();
    }
  };
  return (
    <form onSubmit={submit}>
      <p role={give.isSuccess ? "alert" : undefined}>{refusalText(offer)}</p>
      {asks && (
        <Field
          label="Your e-mail"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          value={email}
          hint="The studio sees it."
          onChange={(event) => setEmail(event.target.value)}
        />
      )}
      <div role="alert">{give.isError && <p className="field-error">{failureText(give.error)}</p>}</div>
      <div className="sheet-actions">
        {asks && (
          <button type="button" className="button button-quiet" onClick={onClose}>
            Cancel
          </button>
        )}
        <button type="submit" className="button" disabled={give.isPending}>
          {asks ? "Continue" : "Close"}
        </button>
      </div>
    </form>
  );
}
