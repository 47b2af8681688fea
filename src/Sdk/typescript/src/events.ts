export interface ServerEvent {
  id: string | undefined;
  name: string;
  data: string;
}

/** The events of a text/event-stream body (WHATWG), as they arrive. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const text = new TextDecoder();
  let buffer = "";
  let event: ServerEvent = { id: undefined, name: "message", data: "" };
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      buffer += text.decode(value, { stream: true });
      const lines = buffer.split(/\r\n|\n|\r(?!$)/);
      buffer = lines.pop()!;
      for (const line of lines) {
        if (line === "") {
          if (event.data !== "") yield { ...event, data: event.data.slice(0, -1) };
          event = { id: event.id, name: "message", data: "" };
        } else {
          const [, field, content] = /^([^:]*):? ?(.*)$/.exec(line)!;
          if (field === "event") event.name = content!;
          else if (field === "id") event.id = content!;
          else if (field === "data") event.data += `${content}\n`;
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
