// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { isWholePin, pinDigits } from "../src/lib/pin";
import { PinInput } from "../src/ui/pin-input";

afterEach(cleanup);

it.each([
  ["24 68-10", "246810"],
  ["PIN: 123456", "123456"],
  ["1234567890", "123456"],
  ["１２３４５６", "123456"],
  ["abc", ""],
])("reads the digits of %j", (text, pin) => {
  expect(pinDigits(text)).toBe(pin);
});

it("is whole with six digits", () => {
  expect([isWholePin("12345"), isWholePin("123456")]).toEqual([false, true]);
});

function Form({ onWhole }: { onWhole: (pin: string) => void }) {
  const [pin, setPin] = useState("");
  return <PinInput value={pin} onChange={setPin} onWhole={onWhole} />;
}

it("tells once that all digits are there, also when they are pasted", () => {
  const onWhole = vi.fn();
  render(<Form onWhole={onWhole} />);
  const input = screen.getByLabelText<HTMLInputElement>("Enter your six-digit PIN");
  fireEvent.change(input, { target: { value: "246" } });
  expect(onWhole).not.toHaveBeenCalled();
  fireEvent.change(input, { target: { value: "246 810" } });
  expect(onWhole).toHaveBeenCalledExactlyOnceWith("246810");
  expect(input.value).toBe("246810");
});

it("is one labeled field to assistive technology", () => {
  render(<Form onWhole={() => {}} />);
  expect(screen.getAllByRole("textbox")).toHaveLength(1);
});
