const PATHS = {
  heart: "M12 20.2S3.8 15.3 3.8 9.4A4.5 4.5 0 0 1 12 6.9a4.5 4.5 0 0 1 8.2 2.5c0 5.9-8.2 10.8-8.2 10.8z",
  bag: "M5.5 8.5h13l.8 11.5H4.7zM9 10.5V7a3 3 0 0 1 6 0v3.5",
  close: "M5.5 5.5l13 13M18.5 5.5l-13 13",
  left: "M14.5 5l-7 7 7 7",
  right: "M9.5 5l7 7-7 7",
  down: "M5 9.5l7 7 7-7",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  note: "M5 5h14v10.5H11L7.5 19v-3.5H5z",
  download: "M12 4v11M7.5 10.5L12 15l4.5-4.5M5 19.5h14",
  check: "M5 12.5l4.5 4.5L19 7.5",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7",
  person: "M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.5 20.5c.6-3.9 3.6-6 7.5-6s6.9 2.1 7.5 6",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
      fill={filled ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
