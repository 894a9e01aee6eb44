/** What a server cannot do that the contract asks for. A gap that is none any more fails its test. */
export interface KnownGap {
  /** Name of the target. */
  readonly target: string;
  /** Name of the test. */
  readonly test: string;
  readonly reason: string;
}

export const knownGaps: readonly KnownGap[] = [];
