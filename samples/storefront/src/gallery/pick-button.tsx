import { Icon } from "../ui/icons";

export function PickButton({
  picked,
  name,
  onToggle,
  className = "",
}: {
  picked: boolean;
  name: string;
  onToggle: () => void;
  className?: string;
}) {
  return (
    <button
      type="button"
      className={`icon-button pick-button ${className}`}
      aria-pressed={picked}
      aria-label={`Pick ${name}`}
      onClick={onToggle}
    >
      <Icon name="heart" filled={picked} />
    </button>
  );
}
