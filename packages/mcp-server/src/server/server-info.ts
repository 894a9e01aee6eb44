import { version } from '../version.ts';

/** Who serves, as clients are told. */
export const serverInfo = { name: 'ollama-toolbelt', title: 'Ollama Toolbelt', version };
