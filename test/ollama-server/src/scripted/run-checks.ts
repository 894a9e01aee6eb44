import { checkFormat } from '../llama/format.ts';
import { inputTooLong, runErrors } from '../llama/run-errors.ts';
import { readOptions } from '../llama/run-options.ts';
import type { ChatBody, EmbedBody, EmbeddingsBody, GenerateBody } from '../wire/bodies.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { countWords } from './bag-of-words.ts';
import { promptOf } from './default-answer.ts';
import type { ScriptedModel } from './scripted-models.ts';

/** Throws the errors of an engine after loading the model; a word counts as a token. */
export function checkRun(model: ScriptedModel, body: ChatBody | GenerateBody, version: OllamaVersion): void {
  const errors = runErrors[version];
  checkFormat(body.format, version);
  const blind = model.capabilities.includes('vision') ? undefined : errors.withoutVision?.();
  if (imagesOf(body).length > 0 && blind !== undefined) throw blind;
  const { num_ctx = model.contextLength } = readOptions(model.parameters, body.options);
  const contextLength = Math.max(4, Math.min(num_ctx, model.contextLength));
  const tokens = countWords(promptOf(body));
  if (body.truncate === false && tokens >= contextLength) throw errors.contextExceeded(tokens, contextLength);
}

function imagesOf(body: ChatBody | GenerateBody): string[] {
  if ('messages' in body) return (body.messages ?? []).flatMap(({ images }) => images ?? []);
  return 'images' in body ? (body.images ?? []) : [];
}

/** The same for texts to embed. */
export function checkEmbed(
  model: ScriptedModel,
  body: EmbedBody | EmbeddingsBody,
  inputs: readonly string[],
  version: OllamaVersion,
): void {
  const errors = runErrors[version];
  const error = model.capabilities.includes('embedding') ? undefined : errors.withoutEmbeddings?.();
  if (inputs.length > 0 && error !== undefined) throw error;
  if (inputs.includes('')) throw errors.emptyInput();
  const mayCut = 'input' in body && body.truncate !== false;
  if (!mayCut && inputs.some((text) => countWords(text) > model.contextLength)) throw inputTooLong();
}
