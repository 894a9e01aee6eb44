import { type Dialect, list, type ModelOutput, textOf } from './dialect.ts';

/** Gemini's generateContent API, which Gemini CLI uses. */
export const gemini: Dialect = {
  matches: (path) => /:(stream)?generateContent$/i.test(path),
  streams: (path) => path.endsWith(':streamGenerateContent'),
  read(body) {
    const contents = list(body['contents']);
    const spoken = contents.findLastIndex(
      ({ role, parts }) => role === 'user' && !list(parts).some((part) => 'functionResponse' in part),
    );
    return {
      tools: list(body['tools'])
        .flatMap((tool) => list(tool['functionDeclarations']))
        .map(({ name }) => String(name)),
      prompt: textOf(contents[spoken]?.['parts']),
      called: contents
        .slice(spoken + 1)
        .flatMap(({ parts }) => list(parts))
        .flatMap(({ functionCall }) => (functionCall === undefined ? [] : (functionCall as { name: string }).name)),
      toolResults: contents
        .slice(spoken + 1)
        .flatMap(({ parts }) => list(parts))
        .flatMap(({ functionResponse }) => functionResponse ?? []),
    };
  },
  whole: answer,
  events: (output) => [{ data: answer(output) }],
};

function answer(output: ModelOutput): object {
  const part =
    'text' in output
      ? { text: output.text }
      : { functionCall: { id: output.id, name: output.tool, args: output.arguments } };
  return {
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: 'scripted',
  };
}
