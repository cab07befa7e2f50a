/** Reads the keyframes that `synthlab_widgets/frames.py` packs; their layout is told there. */

export type FrameArray = { readonly data: Float32Array | Uint8Array; readonly shape: number[] };

export interface Frame<Values> {
  readonly index: number;
  readonly step: number;
  readonly values: Values;
  readonly arrays: ReadonlyMap<string, FrameArray>;
}

type Row = [name: string, kind: "f4" | "u1", shape: number[], offset: number];

const MAGIC = 0x31464c53; // "SLF1", read as a little-endian number

export function decode<Values>(message: DataView): Frame<Values> {
  if (message.byteLength < 8 || message.getUint32(0, true) !== MAGIC) {
    throw new Error("not a keyframe: the message does not start with SLF1");
  }
  const length = message.getUint32(4, true);
  const bytes = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const arrays = new Map<string, FrameArray>();
  for (const [name, kind, shape, offset] of header.arrays as Row[]) {
    const count = shape.reduce((product, side) => product * side, 1);
    const start = 8 + length + offset;
    // A copy: it is aligned wherever the message lies in its buffer, and outlives the buffer.
    const data = bytes.slice(start, start + count * (kind === "f4" ? 4 : 1));
    arrays.set(name, { data: kind === "f4" ? new Float32Array(data.buffer) : data, shape });
  }
  return { index: header.index, step: header.step, values: header.values, arrays };
}

/** The numbers of an array that the frame must have. */
export function numbers(frame: Frame<unknown>, name: string): Float32Array | Uint8Array {
  const array = frame.arrays.get(name);
  if (array === undefined) throw new Error(`the frame has no array ${name}`);
  return array.data;
}
