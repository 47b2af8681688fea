const EVERY_MS = 100;
// How fast the bar follows: it makes up for a leap in two seconds.
const FOLLOW_MS = 900;
// Of what may be done next, the last part is only shown when it is.
const CERTAIN = 0.95;
// Until something is known of the pace: all of it in two minutes.
const FIRST_PACE = 1 / 120_000;

/**
 * One bar from the first byte to the last photograph. Photographs become ready several at once, with pauses in between; the bar moves evenly
 * nonetheless. Between two reports it goes on at the pace so far, but only as far as the report before that has brought it. Where there is no
 * terminal, each ten percent is a line.
 *
 * @param {string} label
 * @param {{ isTTY?: boolean, write: (text: string) => unknown }} [out]
 * @param {() => number} [clock] milliseconds
 */
export function createProgress(label, out = process.stdout, clock = () => performance.now()) {
  const started = clock();
  let reported = { share: 0, next: 0, text: "" };
  let leap = 0;
  let changedAt = started;
  let drawnAt = started;
  let shown = 0;
  let told = 0;
  const timer = setInterval(draw, EVERY_MS);

  function draw() {
    const now = clock();
    const pace = reported.share > 0 ? reported.share / Math.max(1, changedAt - started) : FIRST_PACE;
    const further = Math.min(pace * (now - changedAt), CERTAIN * Math.max(leap, reported.next));
    const goal = Math.min(reported.share + further, reported.share < 1 ? 0.99 : 1);
    shown = Math.max(shown, shown + (goal - shown) * (1 - Math.exp((drawnAt - now) / FOLLOW_MS)));
    drawnAt = now;
    write();
  }

  function write() {
    const percent = Math.floor(shown * 100 + 1e-6);
    if (out.isTTY) {
      const bar = "█".repeat(Math.floor(percent / 4)).padEnd(25, "░");
      out.write(`\r${`${label} ${reported.text}`.padEnd(36)} ${bar} ${String(percent).padStart(3)} %`);
      return;
    }

    for (; told + 10 <= percent; told += 10) {
      out.write(`${label} ${told + 10} %\n`);
    }
  }

  return {
    /** @param {{ share: number, next: number, text: string }} report what is done, from 0 to 1; by how much that grows next, at least; and in words */
    report(report) {
      if (report.share > reported.share) {
        changedAt = clock();
        leap = report.share - reported.share;
      }

      reported = { ...report, share: Math.max(report.share, reported.share) };
    },
    /** Ends the bar; full if everything is done. */
    end(isDone = true) {
      clearInterval(timer);
      if (isDone) {
        shown = 1;
        write();
      }

      if (out.isTTY) out.write("\n");
    },
  };
}
