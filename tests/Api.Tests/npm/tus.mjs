// Uploads one file with tus-js-client and prints one line of JSON. The input is the first argument.
import { readFile } from "node:fs/promises";
import { Upload } from "tus-js-client";

const question = JSON.parse(process.argv[2]);
const bytes = await readFile(question.file);
const options = {
  endpoint: question.endpoint,
  headers: { Authorization: `Bearer ${question.key}` },
  metadata: { filename: question.name },
  retryDelays: [200, 500, 1000, 2000],
  chunkSize: question.chunkBytes,
};

/** Runs an upload to its end, or until it has sent this many bytes and is paused. */
function run(more, pauseAt = Infinity) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      ...options,
      ...more,
      onError: reject,
      onSuccess: ({ lastResponse }) =>
        resolve({
          url: upload.url,
          outcome: lastResponse.getHeader("Proofsheet-Upload-Outcome") ?? null,
          photo: lastResponse.getHeader("Proofsheet-Photo") ?? null,
        }),
      onChunkComplete: async (_, accepted) => {
        if (accepted >= pauseAt) {
          await upload.abort();
          resolve({ url: upload.url, accepted });
        }
      },
    });
    upload.start();
  });
}

const ways = {
  whole: () => run({}),
  parallel: () => run({ parallelUploads: 3 }),
  atOnce: () => run({ uploadDataDuringCreation: true }),
  async resume() {
    const paused = await run({}, question.chunkBytes);
    const finished = await run({ uploadUrl: paused.url });
    return { ...finished, pausedAt: paused.accepted, sameUrl: finished.url === paused.url };
  },
  async terminate() {
    const paused = await run({}, question.chunkBytes);
    await Upload.terminate(paused.url, options);
    return paused;
  },
};

try {
  console.log(JSON.stringify(await ways[question.way]()));
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }));
}
process.exit(0);
