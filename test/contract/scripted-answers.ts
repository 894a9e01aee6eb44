import {
  type AnswerScript,
  type AnyReply,
  failWith,
  type ProgressScript,
  type Says,
  type ScriptedServer,
} from '@ollama-toolbelt/ollama-server';
import { pirate, weatherCall, words } from './pocket-answers.ts';

type Body = Parameters<Says>[0];
type Options = { num_ctx?: number; num_predict?: number; stop?: string[] };

/** The pocket models' answers to the questions of the contract that they know. */
export const sayLikePocket: Says = (body, model) => {
  const text = 'messages' in body ? (body.messages ?? []).map(({ content }) => content).join('\n') : promptOf(body);
  const system = ('system' in body ? body.system : undefined) ?? model.system;
  const script = sayingOf(text, body, system);
  return script && spoken(script, body, model.capabilities.includes('thinking'));
};

const promptOf = (body: Body) => ('prompt' in body ? (body.prompt ?? '') : '');

function sayingOf(text: string, body: Body, system: string | undefined): AnswerScript | undefined {
  const { sky, name, json, weather } = words;
  if (text.includes(weather.prompt) && 'messages' in body) {
    if (body.messages?.at(-1)?.role === 'tool') return { text: weather.answer };
    return body.tools && { toolCalls: [weatherCall.function] };
  }
  if (text.includes(json.prompt) && body.format !== undefined) return { text: JSON.stringify(json.value) };
  if (text.includes(name.prompt)) {
    const isKnown = text.includes(name.statement) || ('context' in body && body.context !== undefined);
    return isKnown ? { text: name.answer } : undefined;
  }
  if (text.includes(name.statement)) return { text: name.reply };
  if (text.includes(sky.prompt)) {
    return { text: system === pirate || text.includes(pirate) ? sky.pirate : sky.answer };
  }
  return undefined;
}

/** The saying word by word, as the options truncate it. */
function spoken(script: AnswerScript, body: Body, canThink: boolean): AnswerScript {
  const { num_predict = -1, stop = [], num_ctx } = (body.options ?? {}) as Options;
  const saying = typeof script.text === 'string' ? (script.text.split(stop[0] ?? '\0')[0] ?? '') : '';
  const pieces = saying.match(/\s*\S+/g) ?? [];
  const isCut = num_predict > 0 && pieces.length > num_predict;
  const text = isCut ? pieces.slice(0, num_predict) : pieces;
  const likely = { token: 'a', logprob: -0.5, bytes: [97] };
  return {
    ...script,
    text,
    ...(canThink && body.think !== false && { thinking: [words.sky.thought] }),
    ...(body.logprobs && { logprobs: text.map(() => [{ ...likely, top_logprobs: [likely, likely] }]) }),
    ...(isCut && { doneReason: 'length' }),
    counts: { prompt: num_ctx === undefined ? 12 : Math.min(12, num_ctx), answer: Math.max(text.length, 1) },
  };
}

const notPulled = failWith(500, 'pull model manifest: file does not exist');

/** A registry that does not have the contract's own names. */
export function withoutContractNames(server: ScriptedServer): void {
  const unknown = (name: unknown): ProgressScript | AnyReply | undefined =>
    /^toolbelt-contract-/.test(String(name)) && !server.models.some((model) => model.name === `${name}:latest`)
      ? ['pulling manifest', notPulled]
      : undefined;
  server.always.pull(({ body }) => unknown(body['model']));
  server.always.create(({ body }) => unknown(body['from']));
}
