/**
 * The shortest decimal that reads back as the same 32-bit float, as Go and C print one: 0.1 instead of the
 * 0.10000000149011612 of a plain conversion to a 64-bit number.
 */
export function shortestFloat32(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number.isFinite(single) ? Number(single.toPrecision(9)) : single;
}
