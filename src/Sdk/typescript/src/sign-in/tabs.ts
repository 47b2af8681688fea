/** The signed-in tabs of one origin: they take turns to refresh, and share the resulting tokens. */
export interface Tabs<T> {
  /** Asks the other tabs and returns the first value that is accepted; undefined when none arrives in time. */
  ask(accept: (value: T) => boolean): Promise<T | undefined>;
  /** Sends a value to all other tabs. */
  tell(value: T): void;
  tellSignedOut(subject: string): void;
  /** Runs the work in one tab at a time. Without Web Locks (no HTTPS, old browsers) tabs do not wait for each other. */
  takeTurns<R>(work: () => Promise<R>): Promise<R>;
  close(): void;
}

type Message<T> = { kind: "ask" } | { kind: "value"; value: T } | { kind: "signed-out"; subject: string };

interface Listener<T> {
  /** The value that this tab can share. */
  current(): T | undefined;
  onValue(value: T): void;
  onSignedOut(subject: string): void;
}

const patienceMs = 200;

/** Values are passed in memory between pages of the same origin (BroadcastChannel), and are never stored. */
export function openTabs<T>(name: string, listener: Listener<T>): Tabs<T> {
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(name);
  const asking = new Set<(value: T) => void>();
  // In Node, an open channel would keep the process alive.
  (channel as { unref?: () => void } | undefined)?.unref?.();
  channel?.addEventListener("message", (event: MessageEvent<Message<T>>) => {
    const message = event.data;
    if (message.kind === "ask") {
      const value = listener.current();
      if (value !== undefined) post({ kind: "value", value });
    } else if (message.kind === "value") {
      for (const take of asking) take(message.value);
      listener.onValue(message.value);
    } else {
      listener.onSignedOut(message.subject);
    }
  });
  const post = (message: Message<T>) => channel?.postMessage(message);
  return {
    ask: (accept) =>
      new Promise((done) => {
        if (!channel) return done(undefined);
        const end = (value?: T) => {
          clearTimeout(timer);
          asking.delete(take);
          done(value);
        };
        const take = (value: T) => {
          if (accept(value)) end(value);
        };
        const timer = setTimeout(() => end(), patienceMs);
        asking.add(take);
        post({ kind: "ask" });
      }),
    tell: (value) => post({ kind: "value", value }),
    tellSignedOut: (subject) => post({ kind: "signed-out", subject }),
    takeTurns: (work) => {
      const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;
      return locks ? (locks.request(name, work) as ReturnType<typeof work>) : work();
    },
    close: () => channel?.close(),
  };
}

/** Only this tab: nothing is shared. */
export const alone = <T>(): Tabs<T> => ({
  ask: async () => undefined,
  tell: () => {},
  tellSignedOut: () => {},
  takeTurns: (work) => work(),
  close: () => {},
});
