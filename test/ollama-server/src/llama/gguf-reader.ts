import { shortestFloat32 } from './float32.ts';

export type GgufScalar = string | number | bigint | boolean;
export type GgufValue = GgufScalar | GgufValue[];

/** The file is not a GGUF, or incomplete. */
export class GgufError extends Error {
  override readonly name = 'GgufError';
}

/** Reads little-endian values; a Buffer throws its own RangeError past its end. */
export class GgufReader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#skip(4));
  }

  u64(): number | bigint {
    return plain(this.#bytes.readBigUInt64LE(this.#skip(8)));
  }

  string(): string {
    const length = Number(this.u64());
    const start = this.#skip(length);
    if (this.at > this.#bytes.length) throw new RangeError('a string ends past the bytes');
    return this.#bytes.toString('utf8', start, this.at);
  }

  value(type: number): GgufValue {
    const bytes = this.#bytes;
    switch (type) {
      case 0:
        return bytes.readUInt8(this.#skip(1));
      case 1:
        return bytes.readInt8(this.#skip(1));
      case 2:
        return bytes.readUInt16LE(this.#skip(2));
      case 3:
        return bytes.readInt16LE(this.#skip(2));
      case 4:
        return this.u32();
      case 5:
        return bytes.readInt32LE(this.#skip(4));
      case 6:
        return shortestFloat32(bytes.readFloatLE(this.#skip(4)));
      case 7:
        return bytes.readUInt8(this.#skip(1)) !== 0;
      case 8:
        return this.string();
      case 9: {
        const itemType = this.u32();
        const length = this.u64();
        const items: GgufValue[] = [];
        for (let i = 0; i < length; i += 1) items.push(this.value(itemType));
        return items;
      }
      case 10:
        return this.u64();
      case 11:
        return plain(bytes.readBigInt64LE(this.#skip(8)));
      case 12:
        return bytes.readDoubleLE(this.#skip(8));
      default:
        throw new GgufError(`unknown value type ${type}`);
    }
  }

  #skip(length: number): number {
    const start = this.at;
    this.at += length;
    return start;
  }
}

const plain = (value: bigint) => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};
