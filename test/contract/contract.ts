import { createOllama } from '@ollama-toolbelt/core/node';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { chatContract } from './chat.ts';
import type { ContractTest } from './contract-test.ts';
import { embeddingContract } from './embedding.ts';
import { formatContract } from './format.ts';
import { generateContract } from './generate.ts';
import { loadingContract } from './loading.ts';
import { modelErrorsContract } from './model-errors.ts';
import { modelsContract } from './models.ts';
import { requestErrorsContract } from './request-errors.ts';
import { serverContract } from './server.ts';
import { LoadedState, openSubject, remove } from './server-state.ts';
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

/**
 * Tests a server against the contract: every operation of the client, and every error that a server can be made to
 * return.
 */
export function contract(target: Target): void {
  describe(`the contract on ${target.name}`, { timeout: target.timeoutMs ?? 20_000 }, () => {
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
        const { ollama } = subject;
        await using cleanup = new AsyncDisposableStack();
        cleanup.use(opened);
        cleanup.defer(() => ollama.close());
        cleanup.defer(() => before.restore(opened.chatModel));
        for (const model of created) cleanup.defer(() => remove(ollama, model));
      } else await opened?.[Symbol.asyncDispose]();
    }, target.timeoutMs);

    const register: ContractTest = (name, run) => {
      test(name, async (context) => {
        if (missing !== undefined) context.skip(missing);
        const choose = (what: string, fits: (model: string) => boolean): string => {
          const models = [subject.chatModel, subject.embedModel, ...opened.otherModels];
          return models.find(fits) ?? context.skip(`no model at hand ${what}`);
        };
        await run({
          ...subject,
          skip: (reason) => context.skip(reason),
          modelThatCan: (capability) => choose(`has "${capability}"`, (model) => subject.can(model, capability)),
          chatModelWithout: (capability) =>
            choose(
              `chats without "${capability}"`,
              (model) => subject.can(model, 'completion') && !subject.can(model, capability),
            ),
        });
      });
    };
    for (const [name, part] of parts) describe(name, () => part(register));
  });
}
