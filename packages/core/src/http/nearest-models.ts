import { closestNames } from '../errors/closest-name.ts';
import { OllamaHttpError } from '../errors/errors.ts';
import type { CallOptions } from '../options.ts';
import { canonicalModel } from '../wire/model-name.ts';
import type { ClientContext } from './client-context.ts';
import { noLimits } from './slot.ts';

/** The error is ready, so it must not wait long for its hint. */
const PATIENCE_MS = 2000;
const MAX_NAMES = 3;
const MAX_BYTES = 4 * 1024 * 1024;

/** Lists the installed models, with its own deadline and without retries. */
type List = (client: ClientContext, call: CallOptions) => Promise<unknown>;

/**
 * Adds the most similar installed models to the error about a model that is not installed, with one more request. A
 * failure of that request is ignored. It ends with the call's own signal and deadlines, and counts for no limit and no
 * hook.
 */
export async function addNearestModels(
  error: unknown,
  client: ClientContext,
  call: CallOptions,
  signalOf: () => AbortSignal,
  list: List,
): Promise<void> {
  if (!(error instanceof OllamaHttpError) || error.code !== 'model_not_found' || !error.model) return;
  // Pull and create name models of the registry, or models that do not exist yet.
  if (/\/(pull|create|push)$/.test(error.route ?? '')) return;
  const signal = signalOf();
  if (signal.aborted) return;
  const quiet = { ...client, limits: noLimits, watch: undefined, maxLineBytes: MAX_BYTES };
  const timeouts = { ...call.timeouts, totalMs: PATIENCE_MS };
  let names: string[];
  try {
    names = namesIn(await list(quiet, { headers: call.headers, signal, retry: false, timeouts }));
  } catch {
    return;
  }
  const nearestModels = nearest(error.model.slice(0, 200), names);
  if (nearestModels.length === 0) return;
  const hint = `Did you mean ${nearestModels.join(' or ')}? ${error.hint ?? ''}`.trim();
  Object.assign(error, { nearestModels, hint });
}

/** A request without a tag meant any tag. An installed model with exactly this name is never suggested. */
function nearest(wanted: string, names: readonly string[]): string[] {
  const plain = (name: string) => (/:[^/]*$/.test(wanted) ? name : name.replace(/:[^/]*$/, ''));
  const others = names.filter((name) => canonicalModel(name) !== canonicalModel(wanted));
  const near = closestNames(wanted, [...new Set(others.map(plain))], MAX_NAMES);
  return near.flatMap((name) => others.filter((other) => plain(other) === name)).slice(0, MAX_NAMES);
}

function namesIn(answer: unknown): string[] {
  const { models } = answer as { models?: unknown };
  if (!Array.isArray(models)) return [];
  // Stryker disable next-line MethodExpression: only bounds the work
  return models
    .slice(0, 10_000)
    .map((model: { name?: unknown } | null) => model?.name)
    .filter((name): name is string => typeof name === 'string' && name.length <= 200);
}
