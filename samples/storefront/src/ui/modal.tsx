import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from "react";
import { Icon } from "./icons";

interface ModalProps {
  label: string;
  className?: string;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLDialogElement>) => void;
  children: ReactNode;
}

/** A dialog that is open while it is mounted. The browser traps the focus and restores it afterwards. */
export function Modal({ label, className = "", onClose, onKeyDown, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    element.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    document.documentElement.classList.add("has-modal");
    return () => {
      // Closed before it is removed, because the focus is only restored then.
      element.close();
      if (!document.querySelector("dialog[open]")) {
        document.documentElement.classList.remove("has-modal");
      }
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        if (event.target === event.currentTarget) {
          onClose();
        }
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) {
          onClose();
        }
      }}
    >
      {children}
    </dialog>
  );
}

/** A modal sheet with a heading and a close button. */
export function Sheet({
  title,
  onClose,
  children,
  wide = false,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  return (
    <Modal label={title} className={wide ? "sheet sheet-wide" : "sheet"} onClose={onClose}>
      <div className="sheet-body">
        <header className="sheet-head">
          <h2>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </Modal>
  );
}
