import { Link } from "react-router";
import { Icon } from "../ui/icons";
import { useGallery } from "./context";
import { countText } from "./count-text";
import { usePicks } from "./use-picks";

/** "12 of 30 picked", at the bottom of the window once there is a pick. */
export function PickBar() {
  const { slug } = useGallery();
  const { active, waitingCount } = usePicks();
  const text = active ? countText(active, waitingCount) : "";
  return (
    <div className={active && active.pickCount > 0 ? "pick-bar shown" : "pick-bar"}>
      <p aria-live="polite" aria-atomic="true">
        <Icon name="heart" filled />
        <span>{text}</span>
      </p>
      {active && active.pickCount > 0 && (
        <Link className="pick-bar-link" to={`/g/${slug}/picks`}>
          {active.status === "open" ? "Review" : "See them"}
        </Link>
      )}
    </div>
  );
}
