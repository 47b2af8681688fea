import { type CSSProperties, useState } from "react";
import { Link } from "react-router";
import type { PickedPhoto } from "../api";
import { aspect } from "../lib/layouts";
import { altOf } from "../lib/text";
import { Icon } from "../ui/icons";
import { useGallery } from "./context";
import { Picture } from "./picture";
import { usePhoto } from "./use-photos";

interface PickRowProps {
  pick: PickedPhoto;
  index: number;
  editable: boolean;
  /** Not sent yet, because there is no connection. */
  isWaiting: boolean;
  onRemove: () => void;
  onNote: (note: string | null) => void;
}

export function PickRow({ pick, index, editable, isWaiting, onRemove, onNote }: PickRowProps) {
  const { slug } = useGallery();
  const photo = usePhoto(pick.photoId).data;
  const [note, setNote] = useState(pick.note ?? "");
  const [writing, setWriting] = useState(Boolean(pick.note));
  const name = photo ? altOf(photo, index) : `Photo ${index + 1}`;
  const save = () => {
    if (note.trim() !== (pick.note ?? "")) {
      onNote(note.trim() || null);
    }
  };
  return (
    <li className="pick-row">
      <Link
        to={`/g/${slug}?photo=${pick.photoId}`}
        className="pick-row-picture"
        style={{ "--ratio": photo ? aspect(photo.currentVersion) : 1 } as CSSProperties}
      >
        {photo ? <Picture photo={photo} alt={name} sizes="(min-width: 900px) 280px, 45vw" /> : <span className="skeleton" />}
      </Link>
      <div className="pick-row-text">
        <div className="pick-row-foot">
          <span className="pick-row-name" dir="auto">
            {photo?.title ?? photo?.currentVersion.fileName ?? ""}
          </span>
          {editable && !writing && (
            <button type="button" className="icon-button" aria-label={`Add a note to ${name}`} onClick={() => setWriting(true)}>
              <Icon name="note" />
            </button>
          )}
          {editable && (
            <button type="button" className="icon-button" aria-label={`Remove ${name} from your picks`} onClick={onRemove}>
              <Icon name="trash" />
            </button>
          )}
        </div>
        {isWaiting && <p className="pick-row-waiting">Waits for the connection</p>}
        {!editable && pick.note && (
          <p className="pick-row-note" dir="auto">
            {pick.note}
          </p>
        )}
        {editable && writing && (
          <textarea
            className="pick-row-note"
            dir="auto"
            aria-label={`Note on ${name}`}
            rows={2}
            maxLength={1000}
            value={note}
            placeholder="A word for the photographer"
            // biome-ignore lint/a11y/noAutofocus: the field appears because the visitor asked to write in it.
            autoFocus={!pick.note}
            onChange={(event) => setNote(event.target.value)}
            onBlur={save}
          />
        )}
      </div>
    </li>
  );
}
