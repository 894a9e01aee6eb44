import type { Subject } from './target.ts';

/** Registers one test of the contract. */
export type ContractTest = (name: string, run: (subject: Subject) => Promise<void>) => void;
