// A user with a headless browser: keeps cookies, follows redirects, and fills in the authority's forms until it redirects to the client. It
// recognizes pages like a person does: by their form fields and buttons.

export class Browser {
  #cookies = new Map();
  #person;
  #headers;
  visited = [];

  /** `headers` are sent with every request: for tests that are not about signing in, this is how they sign in. */
  constructor(person, headers = {}) {
    this.#person = person;
    this.#headers = headers;
  }

  /** Follows redirects from a URL to the first one that starts with `until`, which is returned and not fetched. */
  async walk(address, until) {
    let next = { address: String(address) };
    for (let step = 0; step < 25; step++) {
      if (until && next.address.startsWith(until) && !next.body) return next.address;
      const response = await this.#send(next);
      const location = response.headers.get("Location");
      if (location) {
        next = { address: new URL(location, next.address).href };
        continue;
      }
      const page = await response.text();
      if (!response.ok) throw new Error(`${response.status} at ${next.address}: ${page.slice(0, 600)}`);
      const refresh = /<meta http-equiv="refresh" content="0;\s*url=([^"]+)"/i.exec(page)?.[1];
      if (refresh) {
        next = { address: new URL(decode(refresh), next.address).href };
        continue;
      }
      const form = this.#formOf(page);
      if (!form) {
        if (!until) return page;
        throw new Error(`No form leads on from ${next.address}: ${page.slice(0, 2000)}`);
      }
      next = this.#submit(form, next.address, until);
      if (next.delivered) return next;
    }
    throw new Error(`The authority went round in circles: ${this.visited.join(" ")}`);
  }

  async #send({ address, body }) {
    this.visited.push(`${body ? "POST" : "GET"} ${new URL(address).pathname}`);
    const response = await fetch(address, {
      method: body ? "POST" : "GET",
      headers: {
        Accept: "text/html",
        ...this.#headers,
        ...(this.#cookies.size && { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") }),
        // What browsers send with a form, and what CSRF protection checks.
        ...(body && { Origin: new URL(address).origin, "Sec-Fetch-Site": "same-origin" }),
      },
      redirect: "manual",
      ...(body && { body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair, ...attributes] = cookie.split(";");
      const [name, value] = pair.split(/=(.*)/s);
      const gone = value === "" || attributes.some((a) => /^\s*max-age=0$/i.test(a));
      if (gone) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  #submit(form, address, until) {
    const body = new URLSearchParams();
    for (const input of form.inputs) {
      if (!input.name || "disabled" in input || ["submit", "button", "image"].includes(input.type)) continue;
      if (["checkbox", "radio"].includes(input.type) && !("checked" in input)) continue;
      if (input.type === "password") body.append(input.name, this.#person.password);
      else if (input.type === "email" || /^(login|email|username)$/i.test(input.name)) body.append(input.name, this.#person.email);
      else body.append(input.name, input.value ?? "");
    }
    // Presses the first button that does not decline, like the Enter key would.
    const button = form.buttons.find((b) => ![b.name, b.value].some((text) => /^(no|deny|abort|cancel|reject)$/i.test(text ?? "")));
    if (button?.name) body.append(button.name, button.value ?? "");
    const action = new URL(form.action ?? address, address).href;
    if (form.method === "get") return { address: `${action.split("?")[0]}?${body}` };
    // A form_post response goes to the client, not to the authority.
    if (until && action.startsWith(until)) return { delivered: true, address: action, body };
    return { address: action, body };
  }

  #formOf(page) {
    // A button may be outside of its form and refer to it.
    const elsewhere = [...page.matchAll(/<button\b([^>]*)>/gis)].map(([, a]) => attributesOf(a)).filter((b) => b.form);
    const forms = [...page.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)]
      .map(([, attributes, inner]) => {
        const own = attributesOf(attributes);
        return {
          action: own.action,
          method: (own.method ?? "get").toLowerCase(),
          inputs: [...inner.matchAll(/<input\b([^>]*)>/gis)].map(([, a]) => attributesOf(a)),
          buttons: [
            ...[...inner.matchAll(/<button\b([^>]*)>/gis)].map(([, a]) => attributesOf(a)),
            ...[...inner.matchAll(/<input\b([^>]*)>/gis)].map(([, a]) => attributesOf(a)).filter((a) => a.type === "submit"),
            ...elsewhere.filter((b) => b.form === own.id && own.id),
          ].filter((b) => (b.type ?? "submit") === "submit"),
        };
      })
      .filter((form) => form.method === "post");
    return forms.find((form) => form.inputs.some((i) => i.type === "password")) ?? forms[0];
  }
}

function attributesOf(text) {
  const attributes = {};
  for (const [, name, , double, single, bare] of text.matchAll(/([^\s=/"'>]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gs)) {
    attributes[name.toLowerCase()] = decode(double ?? single ?? bare ?? "");
  }
  return attributes;
}

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const decode = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : (entities[name] ?? all),
  );
