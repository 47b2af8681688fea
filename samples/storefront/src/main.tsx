import "@fontsource-variable/cormorant-garamond";
import "@fontsource-variable/inter";
import "./styles/base.css";
import "./styles/ui.css";
import "./styles/gallery.css";
import "./styles/lightbox.css";
import "./styles/shop.css";
import "./styles/downloads.css";
import "./styles/print.css";
import { createRoot } from "react-dom/client";
import { App, StartFailed } from "./app";
import { configure } from "./config";

const root = createRoot(document.getElementById("root")!);
configure().then(
  () => root.render(<App />),
  () => root.render(<StartFailed />),
);
