// What a sleep has shown so far: frames, and spikes in the order of their steps.

import type { Frame } from "hypnos-engine";

export class Recorded {
  readonly frames: Frame[] = [];

  /// Of how many steps the sleep is known.
  get steps(): number {
    return this.frames.at(-1)?.steps ?? 0;
  }

  add(frame: Frame): void {
    this.frames.push(frame);
  }

  /// The last frame that is not after a step.
  at(step: number): Frame | undefined {
    return this.frames[this.indexAt(step)];
  }

  /// Shows the spikes of the steps [from, to).
  between(
    from: number,
    to: number,
    visit: (step: number, layer: number, unit: number) => void,
  ): void {
    for (let f = this.indexAt(from) + 1; f < this.frames.length; ++f) {
      if ((this.frames[f - 1]?.steps ?? 0) >= to) return;
      const spikes = this.frames[f]?.spikes ?? new Uint32Array();
      for (let i = 0; i + 2 < spikes.length; i += 3) {
        const [step = 0, layer = 0, unit = 0] = spikes.subarray(i, i + 3);
        if (step >= from && step < to) visit(step, layer, unit);
      }
    }
  }

  private indexAt(step: number): number {
    let low = 0;
    let high = this.frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.frames[middle]?.steps ?? 0) <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
