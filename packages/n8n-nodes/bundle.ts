/** What n8n loads; package.json names a file for each entry. */
export { OllamaBeltApi } from './credentials/OllamaBeltApi.credentials.ts';
export { OllamaBelt } from './nodes/OllamaBelt/OllamaBelt.node.ts';
export { OllamaBeltChatModel } from './nodes/OllamaBeltChatModel/OllamaBeltChatModel.node.ts';
export { OllamaBeltEmbeddings } from './nodes/OllamaBeltEmbeddings/OllamaBeltEmbeddings.node.ts';
export { OllamaBeltTrigger } from './nodes/OllamaBeltTrigger/OllamaBeltTrigger.node.ts';
