import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type PhotoSelection, problemOf } from "../api";
import { lockSession, readSession, updateSession, useSession } from "../session";
import { useToasts } from "../ui/toasts";
import { type OpenGallery, useGallery } from "./context";
import { FIRST_LIST, picksKey } from "./use-picks";
import { inHand, NOT_YET, type WaitingPick, withChange } from "./waiting-picks";

const FIRST_PAUSE = 2500;
const LONGEST_PAUSE = 30_000;

type Outcome = { sent: number; refused?: unknown; isStalled: boolean };

/** Sends the changes that wait in the session: at once, and again while there is no connection. There is one of these in an open gallery. */
export function SendPicks() {
  const gallery = useGallery();
  const { slug } = gallery;
  const queries = useQueryClient();
  const toasts = useToasts();
  const waiting = useSession(slug)?.waiting;
  const newest = waiting?.at(-1)?.key;
  const hasWaiting = newest !== undefined;
  const stalled = useRef(waiting?.some((change) => change.isStalled) ?? false);
  const pause = useRef(FIRST_PAUSE);
  const isSending = useRef(false);

  const send = async () => {
    if (isSending.current || !readSession(slug)?.waiting?.length) {
      return;
    }

    isSending.current = true;
    const outcome = await inOneTab(slug, () => sendAll(gallery, queries)).finally(() => {
      isSending.current = false;
    });
    if (outcome.refused !== undefined) {
      toasts.fail(outcome.refused);
    }

    if (outcome.isStalled && !stalled.current) {
      tellOfWaiting();
    } else if (!outcome.isStalled && stalled.current && outcome.sent > 0) {
      toasts.say("You are connected again, and your picks are saved.");
    }

    stalled.current = outcome.isStalled;
    pause.current = outcome.isStalled ? Math.min(LONGEST_PAUSE, pause.current * 1.5) : FIRST_PAUSE;
  };
  const tellOfWaiting = () => {
    const changes = readSession(slug)?.waiting ?? [];
    const only = changes.length === 1 && changes[0]?.note === undefined ? changes[0] : undefined;
    toasts.say(
      `No connection at the moment. ${only ? "Your pick waits" : "Your picks wait"} here to be sent as soon as there is one.`,
      only && {
        label: "Undo",
        run: () => updateSession(slug, { waiting: withChange(readSession(slug)?.waiting ?? [], { ...only, picked: !only.picked }) }),
      },
    );
  };
  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new change is sent at once.
  useEffect(() => void latest.current(), [newest]);
  useEffect(() => {
    if (!hasWaiting) {
      return;
    }

    let timer = 0;
    const again = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(again, pause.current);
      void latest.current();
    };
    timer = window.setTimeout(again, pause.current);
    window.addEventListener("online", again);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("online", again);
    };
  }, [hasWaiting]);
  return null;
}

/** Another tab of the gallery has the same changes to send; both at once would make the first list twice. */
async function inOneTab(slug: string, run: () => Promise<Outcome>): Promise<Outcome> {
  // Absent on pages without HTTPS.
  return await (navigator.locks ? navigator.locks.request(`proofsheet:picks:${slug}`, run) : run());
}

async function sendAll(gallery: OpenGallery, queries: QueryClient): Promise<Outcome> {
  const { slug } = gallery;
  const key = picksKey(slug);
  const outcome: Outcome = { sent: 0, isStalled: false };
  for (let change = nextOf(slug); change; change = nextOf(slug)) {
    try {
      if (!navigator.onLine) {
        return stall(slug, outcome);
      }

      await sendOne(gallery, queries, change);
      outcome.sent++;
    } catch (error) {
      const { status } = problemOf(error);
      if (status === 0 || status === 429 || status >= 500) {
        return stall(slug, outcome);
      }

      if (status === 401) {
        // It is sent when the gallery has been opened again.
        lockSession(slug);
        return outcome;
      }

      outcome.refused = error;
    }

    settle(slug, change);
  }

  // Only after the last one: a response in between would not have those that are still to be sent.
  void queries.invalidateQueries({ queryKey: key });
  return outcome;
}

async function sendOne({ slug, api }: OpenGallery, queries: QueryClient, change: WaitingPick) {
  const key = picksKey(slug);
  const { listId: to, photoId, picked, note } = change;
  const listId = to === NOT_YET ? await firstListId(slug, api, queries) : to;
  if (queries.getQueryData(key)) {
    // A response that is on its way does not have this change.
    await queries.cancelQueries({ queryKey: key });
  }

  const changed = await (picked ? api.pick(listId, photoId, note) : api.unpick(listId, photoId));
  queries.setQueryData<PhotoSelection[]>(key, (all) => all?.map((list) => (list.id === listId ? changed : list)));
}

/** The list that a first pick goes into. It may have been made meanwhile, in another tab or on another device. */
async function firstListId(slug: string, api: OpenGallery["api"], queries: QueryClient): Promise<string> {
  const lists = await api.selections(new AbortController().signal);
  const known = inHand(lists, readSession(slug)?.listId);
  const made = known ?? (await api.createSelection(FIRST_LIST));
  await queries.cancelQueries({ queryKey: picksKey(slug) });
  queries.setQueryData<PhotoSelection[]>(picksKey(slug), known ? lists : [...lists, made]);
  return made.id;
}

function nextOf(slug: string): WaitingPick | undefined {
  return readSession(slug)?.waiting?.[0];
}

function settle(slug: string, change: WaitingPick) {
  updateSession(slug, { waiting: readSession(slug)?.waiting?.filter((other) => other.key !== change.key) });
}

function stall(slug: string, outcome: Outcome): Outcome {
  updateSession(slug, { waiting: readSession(slug)?.waiting?.map((change) => ({ ...change, isStalled: true })) });
  return { ...outcome, isStalled: true };
}
