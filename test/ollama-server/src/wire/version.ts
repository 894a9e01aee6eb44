/** The versions of Ollama with recorded responses; both engines can simulate either. */
export type OllamaVersion = '0.24' | '0.33';

/** As `/api/version` reports it. */
export const fullVersion: Readonly<Record<OllamaVersion, string>> = { '0.24': '0.24.0', '0.33': '0.33.0-rc2' };
