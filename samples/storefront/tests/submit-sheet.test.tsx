// @vitest-environment jsdom
import { ProofsheetError } from "@proofsheet/sdk";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { GalleryFront, PhotoSelection, Visit, Visitor, VisitorApi } from "../src/api";
import { GalleryContext } from "../src/gallery/context";
import { SubmitSheet } from "../src/gallery/submit-sheet";
import { writeSession } from "../src/session";
import { Toasts } from "../src/ui/toasts";

const KEY = ["gallery", "g", "selections"];
const list = {
  id: "sel_1",
  visitorId: "vis_clara",
  visitorName: "Clara",
  note: null,
  status: "open",
  pickLimit: null,
  pickCount: 2,
} as PhotoSelection;
const clara = { name: "Clara", email: null, emailVerifiedAt: null, maskedEmails: ["c•••@e•••.com"] } as unknown as Visitor;
const refusal = (status: number, code: string) => new ProofsheetError(status, { code, detail: `It is ${code}.` });
const visit = (visitorId: string) =>
  ({ token: "psv_2", expiresAt: "2099-01-01T00:00:00Z", visitorId, sessionId: "vse_1", galleryId: "gal_1" }) as Visit;

const api = {
  me: vi.fn(async () => clara),
  sendCode: vi.fn(async (_: string) => {}),
  confirmCode: vi.fn(async (_: string) => visit("vis_clara")),
  submit: vi.fn(async (_: string) => ({ ...list, status: "submitted" }) as PhotoSelection),
  updateSelection: vi.fn(async (_: string, __: object) => list),
};
const onClose = vi.fn();

beforeEach(() => {
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  window.scrollTo = () => {};
  writeSession("g", { ...visit("vis_clara"), refreshToken: "ps_visit_1" });
  api.submit.mockRejectedValueOnce(refusal(403, "confirmation_required"));
});

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
  localStorage.clear();
});

function open(): QueryClient {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  queries.setQueryData(KEY, [list]);
  const front = { branding: { name: "Anna" } } as GalleryFront;
  render(
    <QueryClientProvider client={queries}>
      <Toasts>
        <GalleryContext value={{ slug: "g", galleryId: "gal_1", front, api: api as unknown as VisitorApi }}>
          <SubmitSheet list={list} listsKey={KEY} onClose={onClose} />
        </GalleryContext>
      </Toasts>
    </QueryClientProvider>,
  );
  return queries;
}

async function askForCode() {
  fireEvent.click(screen.getByRole("button", { name: "Submit" }));
  const email = await screen.findByLabelText<HTMLInputElement>("Your e-mail");
  fireEvent.change(email, { target: { value: "clara@example.com" } });
  fireEvent.click(screen.getByRole("button", { name: "Send me a code" }));
  return screen.findByLabelText<HTMLInputElement>("The six digits from the mail");
}

function confirm(field: HTMLInputElement, code: string) {
  fireEvent.change(field, { target: { value: code } });
  fireEvent.click(screen.getByRole("button", { name: "Confirm" }));
}

it("asks who it is without telling the address, and begins with its field", async () => {
  open();
  fireEvent.click(screen.getByRole("button", { name: "Submit" }));

  const email = await screen.findByLabelText<HTMLInputElement>("Your e-mail");
  expect(screen.getByRole("dialog", { name: "To submit for Clara, confirm that it is you" })).toBeTruthy();
  expect(email.value).toBe("");
  expect(document.activeElement).toBe(email);
  expect(document.getElementById(email.getAttribute("aria-describedby")!)?.textContent).toContain("c•••@e•••.com");
  expect(screen.queryByText("It is confirmation_required.")).toBeNull();
});

it("submits by itself once the code is right, with the note", async () => {
  const queries = open();
  fireEvent.change(screen.getByLabelText(/A note to the photographer/), { target: { value: "Thank you" } });
  const field = await askForCode();
  expect(document.activeElement).toBe(field);
  confirm(field, "123456");

  await screen.findByText("Submitted. \u2068Anna\u2069 has your picks.");
  expect(api.confirmCode).toHaveBeenCalledExactlyOnceWith("123456");
  expect(api.submit).toHaveBeenCalledTimes(2);
  expect(api.updateSelection).toHaveBeenCalledWith("sel_1", { note: "Thank you" });
  expect(onClose).toHaveBeenCalledOnce();
  expect(queries.getQueryData<PhotoSelection[]>(KEY)?.[0]?.status).toBe("submitted");
});

it("tells that a code is wrong, and submits nothing", async () => {
  open();
  api.confirmCode.mockRejectedValueOnce(refusal(403, "wrong_code"));
  confirm(await askForCode(), "000000");

  expect((await screen.findByRole("alert")).textContent).toBe("It is wrong_code.");
  expect(api.submit).toHaveBeenCalledOnce();
  expect(onClose).not.toHaveBeenCalled();
});

it("can submit again without another code if only that failed", async () => {
  open();
  api.submit.mockRejectedValueOnce(refusal(503, "database_busy"));
  confirm(await askForCode(), "123456");
  await screen.findByText("It is database_busy.");

  fireEvent.click(screen.getByRole("button", { name: "Submit" }));

  await screen.findByText("Submitted. \u2068Anna\u2069 has your picks.");
  expect(api.confirmCode).toHaveBeenCalledOnce();
});

it("says that the address was another person's", async () => {
  open();
  api.confirmCode.mockResolvedValueOnce(visit("vis_mallory"));
  api.submit.mockRejectedValueOnce(refusal(404, "not_found"));
  confirm(await askForCode(), "123456");

  await screen.findByText(/The studio does not have that address for Clara, so nothing was submitted/);
  await waitFor(() => expect(onClose).toHaveBeenCalled());
});
