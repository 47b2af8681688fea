import { type Ref, useId } from "react";
import { digitsInWords, pinDigits } from "../lib/pin";

interface PinInputProps {
  /** How many digits the gallery's PIN has. */
  length: number;
  value: string;
  onChange: (pin: string) => void;
  onWhole?: (pin: string) => void;
  describedBy?: string;
  disabled?: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** One input drawn as one box for each digit, so that pasting, autofill and screen readers work as in any field. */
export function PinInput({ length, value, onChange, onWhole, describedBy, disabled, ref }: PinInputProps) {
  const id = useId();
  const take = (text: string) => {
    const pin = pinDigits(text, length);
    onChange(pin);
    if (pin.length === length && value.length < length) {
      onWhole?.(pin);
    }
  };
  return (
    <div className="pin">
      <label htmlFor={id}>Enter your {digitsInWords(length)}-digit PIN</label>
      <div className="pin-boxes">
        <input
          ref={ref}
          id={id}
          value={value}
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9]*"
          disabled={disabled}
          aria-describedby={describedBy}
          onChange={(event) => take(event.target.value)}
          onSelect={(event) => event.currentTarget.setSelectionRange(value.length, value.length)}
        />
        <div
          className={length > 8 ? "pin-cells many" : "pin-cells"}
          style={{ gridTemplateColumns: `repeat(${length}, 1fr)` }}
          aria-hidden="true"
        >
          {Array.from({ length }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is identified by its position.
            <span key={index} className={index === Math.min(value.length, length - 1) ? "pin-cell next" : "pin-cell"}>
              {value[index] ?? ""}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}
