import { isAbsent, isObject, type ShapeCheck } from './shape-check.ts';

/** A line of pull, push or create. */
export const progressShape: ShapeCheck = ({ status, total, completed }) => {
  if (typeof status !== 'string' && !isAbsent(status)) return 'status is not text';
  const areNumbers = [total, completed].every((count) => typeof count === 'number' || isAbsent(count));
  return areNumbers ? undefined : 'total or completed is not a number';
};

/** A response of embed. A call without a text gets no vectors. */
export const embedShape: ShapeCheck = ({ embeddings }) => {
  if (isAbsent(embeddings)) return undefined;
  if (!Array.isArray(embeddings)) return 'embeddings is not a list';
  const at = embeddings.findIndex((vector) => !isVector(vector));
  return at < 0 ? undefined : `embeddings[${at}] is not a list of numbers`;
};

/** A response of the older embeddings route. */
export const embeddingShape: ShapeCheck = ({ embedding }) =>
  isAbsent(embedding) || isVector(embedding) ? undefined : 'embedding is not a list of numbers';

/** A response of OpenAI's embeddings route, as base64. Ollama before 0.13 sends numbers anyway. */
export const embedBytesShape: ShapeCheck = ({ data }) => {
  if (!Array.isArray(data)) return 'data is not a list';
  const isEmbedding = (item: unknown) =>
    isObject(item) && (typeof item['embedding'] === 'string' || isVector(item['embedding']));
  const at = data.findIndex((item) => !isEmbedding(item));
  if (at >= 0) return `data[${at}].embedding is neither base64 nor a list of numbers`;
  // Otherwise a text would be left without a vector.
  const left = new Set<unknown>(data.keys());
  const wrong = data.findIndex(({ index }, place) => !left.delete(index ?? place));
  return wrong < 0 ? undefined : `data[${wrong}].index is repeated or out of range`;
};

function isVector(vector: unknown): boolean {
  if (!Array.isArray(vector)) return false;
  // A plain loop: vectors are long, and there are many.
  for (let index = 0; index < vector.length; index++) if (typeof vector[index] !== 'number') return false;
  return true;
}
