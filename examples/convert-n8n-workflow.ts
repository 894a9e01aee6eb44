// Moves a workflow from n8n's own Ollama nodes to those of n8n-nodes-ollama-belt.
//
//   node convert-n8n-workflow.ts workflow.json > converted.json
//
// The new workflow goes to stdout, and anything you should check to stderr. After the import, choose a credential in
// each node.
import { readFile } from 'node:fs/promises';

interface Node {
  name: string;
  type: string;
  typeVersion: number;
  parameters: Record<string, unknown>;
  credentials?: unknown;
}

const theirs = '@n8n/n8n-nodes-langchain.';
const ours = 'n8n-nodes-ollama-belt.';

/** Options that Ollama has removed: it ignores them. */
const gone = ['low_vram', 'penalize_newline', 'use_mlock', 'vocab_only'];

const [file = 'workflow.json'] = process.argv.slice(2);
const workflow = JSON.parse(await readFile(file, 'utf8')) as { nodes: Node[] };
console.log(JSON.stringify({ ...workflow, nodes: workflow.nodes.map(convert) }, null, 2));

function convert(node: Node): Node {
  const say = (text: string) => console.error(`${node.name}: ${text}`);
  const to = (type: string, parameters: Record<string, unknown>): Node => {
    const { credentials: _, ...rest } = node;
    return { ...rest, type: ours + type, typeVersion: 1, parameters };
  };
  const { model, options: given = {} } = node.parameters as { model?: string; options?: object };
  const { options, json } = convertOptions(given as Record<string, unknown>, say);
  switch (node.type) {
    case `${theirs}lmChatOllama`:
      return to('ollamaBeltChatModel', {
        model: byName(model),
        options: { ...options, ...(json && { more_fields: '{ "format": "json" }' }) },
      });
    case `${theirs}embeddingsOllama`:
      return to('ollamaBeltEmbeddings', { model: byName(model), options: {} });
    case `${theirs}ollama`:
    case `${theirs}ollamaTool`:
      say('the answer is in the field "text"; it was in "content"');
      return to(node.type.endsWith('Tool') ? 'ollamaBeltTool' : 'ollamaBelt', {
        resource: 'chat',
        operation: 'send',
        ...chat(node.parameters, options),
        ...(json && { outputFormat: 'json' }),
      });
    case `${theirs}lmOllama`:
      say('not converted: use an Ollama Toolbelt Chat Model in its place');
      return node;
    default:
      return node;
  }
}

/** Model, messages and images of "Message a model" and "Analyze image". */
function chat(parameters: Record<string, unknown>, options: Record<string, unknown>) {
  const { modelId, resource, messages, simplify = true } = parameters;
  const { system, ...others } = options;
  const common = {
    model: byName((modelId as { value?: string } | undefined)?.value),
    simplify,
    ...(system !== undefined && { systemMessage: system }),
    options: others,
  };
  if (resource !== 'image') return { ...common, messages };
  const { text = "What's in this image?", inputType, binaryPropertyName = 'data', imageUrls } = parameters;
  const images =
    inputType === 'url'
      ? { imageSource: 'url', imageUrls }
      : { imageSource: 'binary', imageFields: binaryPropertyName };
  return { ...common, messages: { values: [{ role: 'user', content: text }] }, ...images };
}

/** n8n's chat model has Ollama's names in camel case, the app node has them unchanged. */
function convertOptions(given: Record<string, unknown>, say: (text: string) => void) {
  const spelled = Object.entries(given).map(([name, value]) => [snakeCase(name), value] as const);
  const dropped = spelled.filter(([name]) => gone.includes(name)).map(([name]) => name);
  if (dropped.length > 0) say(`left out what Ollama ignores: ${dropped.join(', ')}`);
  const { format, stop, ...rest } = Object.fromEntries(spelled.filter(([name]) => !gone.includes(name)));
  return { json: format === 'json', options: { ...rest, ...(stop !== undefined && { stop: list(stop) }) } };
}

function snakeCase(name: string): string {
  const regular = name.replace('MLock', 'Mlock').replace('MMap', 'Mmap');
  return regular.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function list(text: unknown): string[] {
  return String(text ?? '')
    .split(',')
    .map((part) => part.trim());
}

function byName(value = ''): object {
  return { __rl: true, mode: 'name', value };
}
