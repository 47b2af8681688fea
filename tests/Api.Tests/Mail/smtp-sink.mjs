// A mail server that stores nothing: it writes each mail as a JSON line to its output. Started by SmtpSink.cs.

import { X509Certificate } from "node:crypto";
import { createRequire } from "node:module";

const [tools, mode] = process.argv.slice(2);
const require = createRequire(`${tools}/`);
const { SMTPServer } = require("smtp-server");
const tls = require("smtp-server/lib/tls-options")();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const server = new SMTPServer({
  secure: mode === "tls",
  key: tls.key,
  cert: tls.cert,
  // "open": offers authentication, but accepts mail without it. "closed": requires it. "none": does not support it.
  authOptional: mode !== "closed",
  allowInsecureAuth: true,
  authMethods: mode === "login" ? ["LOGIN"] : ["PLAIN", "LOGIN"],
  disabledCommands: [...(mode === "starttls" ? [] : ["STARTTLS"]), ...(mode === "none" ? ["AUTH"] : [])],
  disableReverseLookup: true,
  onAuth: (auth, _session, done) =>
    auth.username === "anna" && auth.password === "right pässword"
      ? done(null, { user: auth.username })
      : done(Object.assign(new Error("Wrong user or password"), { responseCode: 535 })),
  onRcptTo: (address, _session, done) => {
    if (address.address.startsWith("busy@")) return done(Object.assign(new Error("Mailbox busy"), { responseCode: 450 }));
    if (address.address.startsWith("gone@")) return done(Object.assign(new Error("No such mailbox"), { responseCode: 550 }));
    return done();
  },
  onData: (stream, session, done) => {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      say({
        user: session.user ?? null,
        secure: session.secure,
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((r) => r.address),
        raw: Buffer.concat(chunks).toString("latin1"),
      });
      done();
    });
  },
});

server.on("error", () => {});
server.listen(0, "127.0.0.1", () =>
  say({ port: server.server.address().port, fingerprint: new X509Certificate(tls.cert).fingerprint256.replaceAll(":", "") }),
);
// The test that started this has ended when its end of the pipe is closed.
process.stdin.resume().on("end", () => process.exit(0));
