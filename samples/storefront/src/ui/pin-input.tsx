import { type Ref, useId } from "react";
import { PIN_LENGTH, pinDigits } from "../lib/pin";

interface PinInputProps {
  value: string;
  onChange: (pin: string) => void;
  onWhole?: (pin: string) => void;
  describedBy?: string;
  disabled?: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** One input drawn as six boxes, so that pasting, autofill and screen readers work as in any field. */
export function PinInput({ value, onChange, onWhole, describedBy, disabled, ref }: PinInputProps) {
  const id = useId();
  const take = (text: string) => {
    const pin = pinDigits(text);
    onChange(pin);
    if (pin.length === PIN_LENGTH && value.length < PIN_LENGTH) {
      onWhole?.(pin);
    }
  };
  return (
    <div className="pin">
      <label htmlFor={id}>Enter your six-digit PIN</label>
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
        <div className="pin-cells" aria-hidden="true">
          {Array.from({ length: PIN_LENGTH }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is identified by its position.
            <span key={index} className={index === Math.min(value.length, PIN_LENGTH - 1) ? "pin-cell next" : "pin-cell"}>
              {value[index] ?? ""}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}
