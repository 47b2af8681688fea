import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vitest/config";

/** Makes `npm run dev` serve /config.json like server.mjs. */
const config: Plugin = {
  name: "config.json",
  configureServer: (server) => {
    server.middlewares.use("/config.json", (_request, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(
        JSON.stringify({
          apiUrl: process.env.PROOFSHEET_API_URL ?? "http://localhost:5080",
          publishableKey: process.env.PROOFSHEET_PUBLISHABLE_KEY ?? "",
        }),
      );
    });
  },
};

export default defineConfig({
  plugins: [react(), config],
  build: {
    target: "es2022",
    // A data: URL in a style sheet would need a less strict Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ["tests/**/*.test.{ts,tsx}"] },
});
