import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createProgress } from "./progress.mjs";

const TOTAL = 18;

/** Lets `done` of 18 photographs become ready at each of these milliseconds, and returns the percents that are drawn. */
function drawn(isTTY, ready, until) {
  mock.timers.enable({ apis: ["setInterval"] });
  let now = 0;
  const percents = [];
  const lines = [];
  const out = {
    isTTY,
    write: (text) => {
      lines.push(text);
      const percent = /(\d+) %/.exec(text);
      if (percent) percents.push(Number(percent[1]));
    },
  };
  const progress = createProgress("Processing", out, () => now);
  for (now = 100; now <= until; now += 100) {
    const done = ready.filter(([at]) => at <= now).reduce((sum, [, count]) => sum + count, 0);
    progress.report({ share: done / TOTAL, next: 1 / TOTAL, text: `${done}/${TOTAL}` });
    mock.timers.tick(100);
  }

  progress.end();
  mock.timers.reset();
  return { percents, lines };
}

// Four at once every 2.5 seconds, as four workers make them.
const leaps = [
  [2500, 4],
  [5000, 4],
  [7500, 4],
  [10000, 4],
  [12500, 2],
];

test("the bar never goes back, stands still for long or leaps", () => {
  const { percents } = drawn(true, leaps, 14_000);
  const steps = percents.slice(1).map((percent, i) => percent - percents[i]);
  assert.equal(percents.at(-1), 100);
  assert.ok(Math.min(...steps) >= 0, `it goes back: ${percents}`);
  assert.ok(Math.max(...steps) <= 6, `it leaps: ${percents}`);
  // After the first photographs, when the pace is known.
  for (let from = 40; from + 25 < 120; from++) {
    assert.ok(percents[from + 25] > percents[from], `it stands still at ${from / 10} s: ${percents}`);
  }
});

test("no more is said to be done than could be", () => {
  const { percents } = drawn(true, [[2500, 4]], 60_000);
  assert.ok(percents.at(-2) < (100 * 8) / TOTAL, `${percents.at(-2)} % with 4 of 18 ready, and four more at once`);
});

test("without a terminal each ten percent is one line", () => {
  const { lines } = drawn(false, [[2500, 18]], 3_000);
  assert.deepEqual(
    lines,
    Array.from({ length: 10 }, (_, i) => `Processing ${10 * (i + 1)} %\n`),
  );
});
