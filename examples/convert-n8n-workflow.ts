// Moves a workflow from n8n's own Ollama nodes to those of n8n-nodes-ollama-belt.
//
//   node convert-n8n-workflow.ts workflow.json > converted.json
//
// The new workflow goes to stdout, and anything you should check to stderr. The file may also hold several workflows, as
// "n8n export:workflow --all" writes it. After the import, choose a credential in each node.
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

/** n8n does not store a parameter that has its default. */
const DEFAULT_MODEL = 'llama3.2';

/** Options that Ollama has removed: it ignores them. */
const gone = ['low_vram', 'penalize_newline', 'use_mlock', 'vocab_only'];

const [file = 'workflow.json'] = process.argv.slice(2);
type Workflow = { nodes: Node[] };
const content = JSON.parse(await readFile(file, 'utf8')) as Workflow | Workflow[];
const convertWorkflow = (workflow: Workflow) => ({ ...workflow, nodes: workflow.nodes.map(convert) });
console.log(JSON.stringify(Array.isArray(content) ? content.map(convertWorkflow) : convertWorkflow(content), null, 2));

function convert(node: Node): Node {
  if (!node.type.startsWith(theirs) || !/ollama/i.test(node.type)) return node;
  const say = (text: string) => console.error(`${node.name}: ${text}`);
  const to = (type: string, parameters: Record<string, unknown>): Node => {
    const { credentials: _, ...rest } = node;
    return { ...rest, type: ours + type, typeVersion: 1, parameters };
  };
  const { model = DEFAULT_MODEL, options: given = {} } = node.parameters as { model?: string; options?: object };
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
        ...descriptionOf(node.parameters),
      });
    case `${theirs}lmOllama`:
      say('not converted: use an Ollama Toolbelt Chat Model in its place');
      return node;
    default:
      return node;
  }
}

/** What an agent is told about the node if it is a tool. */
function descriptionOf({ descriptionType, toolDescription }: Record<string, unknown>) {
  return {
    ...(descriptionType !== undefined && { descriptionType }),
    ...(toolDescription !== undefined && { toolDescription }),
  };
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
  if (isExpression(stop)) say('check Stop Sequences: an expression gives one text, or a list of texts');
  if (isExpression(format)) say('left out Output Format, which is an expression: choose it again');
  return { json: format === 'json', options: { ...rest, ...(stop !== undefined && { stop: list(stop) }) } };
}

function snakeCase(name: string): string {
  const regular = name.replace('MLock', 'Mlock').replace('MMap', 'Mmap');
  return regular.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('=');
}

function list(text: unknown): string[] {
  if (isExpression(text)) return [text];
  return String(text ?? '')
    .split(',')
    .map((part) => part.trim());
}

function byName(value = ''): object {
  return { __rl: true, mode: 'name', value };
}
