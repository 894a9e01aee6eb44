import { version } from '../version.ts';

/** Name and version that clients see. */
export const serverInfo = { name: 'ollama-toolbelt', title: 'Ollama Toolbelt', version };
