import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { problemOf } from "../api";
import { Icon } from "./icons";

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run: () => void };
}
interface ToastMaker {
  say: (text: string, action?: Toast["action"]) => void;
  fail: (error: unknown, retry?: () => void) => void;
}

const ToastContext = createContext<ToastMaker>({ say: () => {}, fail: () => {} });
let nextId = 1;

export function useToasts(): ToastMaker {
  return useContext(ToastContext);
}

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const maker = useMemo<ToastMaker>(() => {
    const add = (toast: Omit<Toast, "id">) =>
      setToasts((all) => [...all.filter((other) => other.text !== toast.text).slice(-2), { ...toast, id: nextId++ }]);
    return {
      say: (text, action) => add({ text, action, tone: "plain" }),
      fail: (error, retry) => add({ text: problemOf(error).detail, tone: "bad", action: retry && { label: "Try again", run: retry } }),
    };
  }, []);
  useEffect(() => {
    const offline = () => maker.say("You are offline. What you see stays here; changes wait until you are back.");
    window.addEventListener("offline", offline);
    return () => window.removeEventListener("offline", offline);
  }, [maker]);
  return (
    <ToastContext value={maker}>
      {children}
      <ToastRegion toasts={toasts} drop={drop} />
    </ToastContext>
  );
}

/** Rendered inside the topmost open dialog, because everything outside of it is inert and below it. */
function ToastRegion({ toasts, drop }: { toasts: Toast[]; drop: (id: number) => void }) {
  const [host, setHost] = useState<Element>(document.body);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a dialog may have opened since the previous toasts.
  useEffect(() => setHost([...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body), [toasts]);
  return createPortal(
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} drop={drop} />
      ))}
    </div>,
    host.isConnected ? host : document.body,
  );
}

function ToastCard({ toast, drop }: { toast: Toast; drop: (id: number) => void }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) {
      return;
    }

    const timer = setTimeout(() => drop(toast.id), toast.action ? 9000 : 6000);
    return () => clearTimeout(timer);
  }, [held, toast, drop]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only keeps the toast open; its actions are buttons.
    <div
      className={`toast toast-${toast.tone}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className="toast-action"
          onClick={() => {
            toast.action!.run();
            drop(toast.id);
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => drop(toast.id)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
