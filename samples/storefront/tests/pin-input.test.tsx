// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { digitsInWords, isWholePin, pinDigits } from "../src/lib/pin";
import { PinInput } from "../src/ui/pin-input";

afterEach(cleanup);

it.each([
  ["24 68-10", "246810"],
  ["PIN: 123456", "123456"],
  ["1234567890", "123456"],
  ["１２３４５６", "123456"],
  ["abc", ""],
])("reads the digits of %j", (text, pin) => {
  expect(pinDigits(text, 6)).toBe(pin);
});

it("is whole with as many digits as the PIN has", () => {
  expect([isWholePin("12345", 6), isWholePin("123456", 6), isWholePin("123456", 8)]).toEqual([false, true, false]);
  expect(pinDigits("1234 5678 9", 8)).toBe("12345678");
  expect([6, 8, 12].map(digitsInWords)).toEqual(["six", "eight", "twelve"]);
});

function Form({ onWhole, length = 6 }: { onWhole: (pin: string) => void; length?: number }) {
  const [pin, setPin] = useState("");
  return <PinInput length={length} value={pin} onChange={setPin} onWhole={onWhole} />;
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

it.each([
  [8, "12345678", "Enter your eight-digit PIN"],
  [12, "123456789012", "Enter your twelve-digit PIN"],
])("takes a PIN of %i digits", (length, whole, label) => {
  const onWhole = vi.fn();
  const { container } = render(<Form onWhole={onWhole} length={length} />);
  const input = screen.getByLabelText<HTMLInputElement>(label);
  fireEvent.change(input, { target: { value: whole.slice(0, 6) } });
  expect(onWhole).not.toHaveBeenCalled();
  fireEvent.change(input, { target: { value: whole } });
  expect(onWhole).toHaveBeenCalledExactlyOnceWith(whole);
  expect(container.querySelectorAll(".pin-cell")).toHaveLength(length);
});

it("is one labeled field to assistive technology", () => {
  render(<Form onWhole={() => {}} />);
  expect(screen.getAllByRole("textbox")).toHaveLength(1);
});
