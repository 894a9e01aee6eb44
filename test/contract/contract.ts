import { createOllama } from '@ollama-toolbelt/core/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatContract } from './chat.ts';
import type { ContractTest } from './contract-test.ts';
import { embeddingContract } from './embedding.ts';
import { formatContract } from './format.ts';
import { generateContract } from './generate.ts';
import { knownGaps } from './known-gaps.ts';
import { loadingContract } from './loading.ts';
import { modelErrorsContract } from './model-errors.ts';
import { modelsContract } from './models.ts';
import { requestErrorsContract } from './request-errors.ts';
import { serverContract } from './server.ts';
import { LoadedState, openSubject } from './server-state.ts';
import type { Choosing, OpenTarget, Subject, Target } from './target.ts';
import { toolsContract } from './tools.ts';
import { transfersContract } from './transfers.ts';

const parts: readonly (readonly [string, (contract: ContractTest) => void])[] = [
  ['server', serverContract],
  ['generate', generateContract],
  ['chat', chatContract],
  ['tools', toolsContract],
  ['format', formatContract],
  ['embedding', embeddingContract],
  ['loading', loadingContract],
  ['models', modelsContract],
  ['transfers', transfersContract],
  ['unknown and unfit models', modelErrorsContract],
  ['bad requests', requestErrorsContract],
];

/** Holds a server to the contract: every operation of the client, and every error that a server can be made to give. */
export function contract(target: Target): void {
  describe(`the contract on ${target.name}`, { timeout: target.timeoutMs ?? 20_000 }, () => {
    const gaps = new Map(
      knownGaps.filter((gap) => target.name.startsWith(gap.target)).map((gap) => [gap.test, gap.reason]),
    );
    const names = new Set<string>();
    let missing: string | undefined;
    let opened: OpenTarget;
    let subject: Omit<Subject, Choosing>;
    let before: LoadedState;
    const created: string[] = [];

    beforeAll(async () => {
      const found = await target.open();
      if (typeof found === 'string') {
        missing = found;
        return;
      }
      opened = found;
      const ollama = createOllama({ host: opened.host, ...(opened.apiKey && { apiKey: opened.apiKey }) });
      before = await LoadedState.of(ollama);
      subject = await openSubject(opened, ollama, created);
    }, target.timeoutMs);

    afterAll(async () => {
      if (subject) {
        for (const model of created) await subject.ollama.delete({ model }).catch(() => undefined);
        await before.restore();
        await subject.ollama.close();
      }
      await opened?.[Symbol.asyncDispose]();
    }, target.timeoutMs);

    const register: ContractTest = (name, run) => {
      names.add(name);
      const gap = gaps.get(name);
      test(name, async (context) => {
        if (missing !== undefined) context.skip(missing);
        const choose = (what: string, fits: (model: string) => boolean): string => {
          const models = [subject.chatModel, subject.embedModel, ...opened.otherModels];
          return models.find(fits) ?? context.skip(`no model at hand ${what}`);
        };
        const running = run({
          ...subject,
          skip: (reason) => context.skip(reason),
          modelThatCan: (capability) => choose(`has "${capability}"`, (model) => subject.can(model, capability)),
          chatModelWithout: (capability) =>
            choose(
              `chats without "${capability}"`,
              (model) => subject.can(model, 'completion') && !subject.can(model, capability),
            ),
        });
        if (gap === undefined) return running;
        await expect(running, `this works now and is no gap any more: ${gap}`).rejects.toThrow();
      });
    };
    for (const [name, part] of parts) describe(name, () => part(register));

    test('every known gap names a test', () => {
      expect([...gaps.keys()].filter((name) => !names.has(name))).toEqual([]);
    });
  });
}
