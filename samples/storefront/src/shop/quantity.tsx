import { Icon } from "../ui/icons";

const MOST = 99;

export function Quantity({
  value,
  onChange,
  of,
  disabled = false,
}: {
  value: number;
  onChange: (value: number) => void;
  of: string;
  disabled?: boolean;
}) {
  return (
    <div className="quantity" role="group" aria-label={`Quantity of ${of}`}>
      <button
        type="button"
        className="icon-button"
        aria-label={`One ${of} less`}
        disabled={disabled || value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <Icon name="minus" />
      </button>
      <output aria-live="polite">{value}</output>
      <button
        type="button"
        className="icon-button"
        aria-label={`One ${of} more`}
        disabled={disabled || value >= MOST}
        onClick={() => onChange(value + 1)}
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}
