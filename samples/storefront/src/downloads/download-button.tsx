import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Photo } from "../api";
import { useGallery } from "../gallery/context";
import { Icon } from "../ui/icons";
import { DownloadSheet } from "./download-sheet";
import { isTold } from "./words";

interface DownloadButtonProps {
  /** Downloads this photo alone. */
  photo?: Photo;
  /** Downloads this list, if the visitor chooses nothing else. */
  listId?: string;
  onOpen?: () => void;
  /** The text of the button; without one it is an icon. */
  label?: string;
}

/** Opens the downloads that the gallery's rules allow. Where they allow none, there is no button. */
export function DownloadButton({ photo, listId, onOpen, label }: DownloadButtonProps) {
  const { slug, api } = useGallery();
  const [isOpen, setIsOpen] = useState(false);
  const { data: offer } = useQuery({ queryKey: ["gallery", slug, "download-offer"], queryFn: ({ signal }) => api.downloadOffer(signal) });
  if (!isTold(offer)) {
    return null;
  }

  const open = () => {
    onOpen?.();
    setIsOpen(true);
  };
  return (
    <>
      <button
        type="button"
        className={label ? "tab" : "icon-button"}
        aria-label={label ? undefined : photo ? "Download this photo" : "Download photographs"}
        aria-haspopup="dialog"
        onClick={open}
      >
        <Icon name="download" />
        {label}
      </button>
      {isOpen && <DownloadSheet offer={offer} photo={photo} listId={listId} onClose={() => setIsOpen(false)} />}
    </>
  );
}
