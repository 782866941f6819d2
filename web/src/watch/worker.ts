// Sleeps beside the page, so that the page stays quick.

import createEngine, { type Frame, type SleepRequest, type Slept } from "hypnos-engine";

export type Message = { frame: Frame } | { slept: Slept } | { error: string };

self.addEventListener("message", async (event: MessageEvent<SleepRequest>) => {
  const send = (message: Message) => self.postMessage(message);
  try {
    const engine = await createEngine();
    const result = engine.sleep(event.data, (frame) => send({ frame }));
    send("error" in result ? result : { slept: result });
  } catch (error) {
    send({ error: error instanceof Error ? error.message : String(error) });
  }
});
