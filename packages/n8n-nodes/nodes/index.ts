/** What n8n loads; package.json names a file for each. */
export { OllamaBeltApi } from '../credentials/OllamaBeltApi.credentials.ts';
export { OllamaBelt } from './OllamaBelt/OllamaBelt.node.ts';
export { OllamaBeltChatModel } from './OllamaBeltChatModel/OllamaBeltChatModel.node.ts';
export { OllamaBeltEmbeddings } from './OllamaBeltEmbeddings/OllamaBeltEmbeddings.node.ts';
export { OllamaBeltTrigger } from './OllamaBeltTrigger/OllamaBeltTrigger.node.ts';
