import type { Failures } from './client-context.ts';
import { addNearestModels } from './nearest-models.ts';
import { listModels } from './read-answer.ts';
import { retryDelayMs } from './retry.ts';

export const failures: Failures = {
  retryDelayMs,
  async complete(error, client, call, signalOf) {
    await addNearestModels(error, client, call, signalOf, listModels);
    return error;
  },
};
