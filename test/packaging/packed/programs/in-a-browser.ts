// A user's program without Node and its types. It is only compiled, never run.
import { createOllama, OllamaError } from '@ollama-toolbelt/core';

const ollama = createOllama({ host: 'http://127.0.0.1:11434' });

export async function show(element: HTMLElement, signal: AbortSignal): Promise<void> {
  try {
    for await (const chunk of ollama.chatStream(
      { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
      { signal },
    )) {
      element.append(chunk.message.content);
    }
  } catch (error) {
    element.append(error instanceof OllamaError ? (error.hint ?? error.message) : 'failed');
  }
}
