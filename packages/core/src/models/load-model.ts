import { OllamaHttpError } from '../errors/errors.ts';
import type { Calls } from '../http/call.ts';
import { wholeAnswer } from '../http/whole-answer.ts';
import type { CallOptions, LoadRequest } from '../options.ts';
import type { EmbedResponse, GenerateResponse } from '../schemas/interfaces.ts';
import { routes } from '../wire/routes.ts';

/** A generation without a prompt. An embedding model rejects that, but accepts an embedding without a text. */
export async function loadModel(
  calls: Calls,
  request: LoadRequest,
  call: CallOptions,
): Promise<GenerateResponse | EmbedResponse> {
  try {
    return await wholeAnswer(calls.generate<never>(request, call));
  } catch (error) {
    // A 405 or 501 is about the route, not about the model.
    if (!(error instanceof OllamaHttpError) || error.code !== 'unsupported' || error.status !== 400) throw error;
    return calls.whole<EmbedResponse>(routes.embed, request, call);
  }
}
