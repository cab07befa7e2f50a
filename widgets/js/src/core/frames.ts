/** Wire format of keyframes, read; `synthlab_widgets/frames.py` packs them and tells their layout. */

/** Arrays by the dtype that the header names: numbers, levels of images, tokens, labels. */
const KINDS = { f4: Float32Array, u1: Uint8Array, u2: Uint16Array, i4: Int32Array };

export type Numbers = InstanceType<(typeof KINDS)[keyof typeof KINDS]>;
export type FrameArray = { readonly data: Numbers; readonly shape: readonly number[] };

export interface Frame<Values> {
  readonly index: number;
  readonly step: number;
  readonly values: Values;
  readonly arrays: ReadonlyMap<string, FrameArray>;
}

type Row = [name: string, kind: keyof typeof KINDS, shape: number[], offset: number];

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
    const { buffer } = bytes.slice(start, start + count * KINDS[kind].BYTES_PER_ELEMENT);
    arrays.set(name, { data: new KINDS[kind](buffer), shape });
  }
  return { index: header.index, step: header.step, values: header.values, arrays };
}

/** The numbers of an array that the frame must have. */
export function numbers(frame: Frame<unknown>, name: string): Numbers {
  return array(frame, name).data;
}

/** An array, with its shape, that the frame must have. */
export function array(frame: Frame<unknown>, name: string): FrameArray {
  const found = frame.arrays.get(name);
  if (found === undefined) throw new Error(`the frame has no array ${name}`);
  return found;
}
