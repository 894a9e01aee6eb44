/** The versions of Ollama whose answers are recorded; both engines play either. */
export type OllamaVersion = '0.24' | '0.33';

/** As `/api/version` tells it. */
export const fullVersion: Readonly<Record<OllamaVersion, string>> = { '0.24': '0.24.0', '0.33': '0.33.0-rc2' };
