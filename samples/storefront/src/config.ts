/** Where the API is and which studio this is; the server of the page knows. */
export const config = { apiUrl: "", publishableKey: "" };

export async function configure(): Promise<void> {
  const answer = await fetch("/config.json");
  Object.assign(config, await answer.json());
}
