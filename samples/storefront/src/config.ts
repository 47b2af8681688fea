/** The API's URL and the studio's key, provided by the page's server. */
export const config = { apiUrl: "", publishableKey: "" };

export async function configure(): Promise<void> {
  const answer = await fetch("/config.json");
  Object.assign(config, await answer.json());
}
