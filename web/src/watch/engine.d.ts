// The engine that web/engine/ compiles.
declare module "hypnos-engine" {
  /// A sleep that is asked for.
  export interface SleepRequest {
    layers: { outputs: number; inputs: number }[];
    weights: Float32Array; // of all layers, row-major
    mean: Float32Array; // [rows x columns], shapes the noise
    rows: number;
    columns: number;
    images: Float32Array; // [labels x rows x columns]
    labels: number[];
    parameters: string; // TOML
    settings: string[]; // key=value
    seed: number;
    frames: number; // how often it is shown
    fields: number; // the first units whose weights are shown
  }

  /// The network after some steps.
  export interface Frame {
    steps: number;
    accuracy: number;
    answers: Uint32Array; // [labels]
    fields: Float32Array; // [fields x rows x columns]
    spikes: Uint32Array; // since the frame before, [n x 3]: step, layer (0: input), unit
  }

  export interface Slept {
    steps: number;
    weights: Float32Array;
  }

  export interface Engine {
    sleep(request: SleepRequest, onFrame: (frame: Frame) => void): Slept | { error: string };
  }

  export default function createEngine(): Promise<Engine>;
}
