import { createRequire } from 'node:module';
import { table } from './table.ts';

/** The used fields of an n8n property. */
interface Property {
  name: string;
  displayName: string;
  type: string;
  default?: unknown;
  description?: string;
  required?: boolean;
  options?: readonly (Choice | Property | Group)[];
  displayOptions?: { show?: Readonly<Record<string, readonly unknown[]>> };
}

interface Choice {
  name: string;
  value: string | number | boolean;
  description?: string;
}

/** A group in a fixed collection. */
interface Group {
  name: string;
  displayName: string;
  values: readonly Property[];
}

interface Node {
  description: { displayName: string; description: string; properties: readonly Property[] };
}

const nodes = ['OllamaBelt', 'OllamaBeltChatModel', 'OllamaBeltEmbeddings', 'OllamaBeltTrigger'];

/** All operations of the nodes, with their fields. Loads the nodes like n8n, so they must be built first. */
export function n8nPage(): string {
  const load = createRequire(import.meta.url);
  const parts = nodes.flatMap((name) => {
    const file = `../../packages/n8n-nodes/dist/nodes/${name}/${name}.node.js`;
    const { description } = new (load(file)[name] as new () => Node)();
    const { displayName, properties } = description;
    return [`## ${displayName}`, `${description.description}.`, ...partsOf(properties)];
  });
  return [
    '# n8n operations',
    'Every operation of the [n8n nodes](/packages/n8n-nodes), with its fields in the order in which n8n shows them.',
    ...parts,
  ].join('\n\n');
}

function partsOf(properties: readonly Property[]): string[] {
  const resources = choicesOf(properties.find(({ name }) => name === 'resource'));
  if (resources.length === 0) return [fieldTable(properties)];
  return resources.flatMap((resource) => {
    const mine = (property: Property) => shown(property, 'resource', resource.value);
    const operation = properties.find((property) => property.name === 'operation' && mine(property));
    return choicesOf(operation).flatMap(({ name, value, description }) => {
      const fields = properties.filter((property) => mine(property) && shown(property, 'operation', value));
      return [`### ${resource.name}: ${name}`, `${(description ?? '').replace(/\.$/, '')}.`, fieldTable(fields)];
    });
  });
}

const shown = ({ displayOptions }: Property, field: string, value: unknown) =>
  displayOptions?.show?.[field]?.includes(value) === true;

const isChoice = (option: Choice | Property | Group): option is Choice => 'value' in option;
const isGroup = (option: Choice | Property | Group): option is Group => 'values' in option;

const choicesOf = (property: Property | undefined): Choice[] => (property?.options ?? []).filter(isChoice);

function fieldTable(properties: readonly Property[]): string {
  const rows = properties
    .filter(({ type }) => type !== 'notice')
    .flatMap((property) => [
      row(property, ''),
      ...(property.options ?? []).flatMap((option) => {
        if (isChoice(option)) return [];
        if (isGroup(option)) return option.values.map((field) => row(field, `${property.displayName} › `));
        return [row(option, `${property.displayName} › `)];
      }),
    ]);
  return rows.length === 0 ? 'It has no fields.' : table(['Field', 'Type', 'What it is'], rows);
}

function row(property: Property, path: string): string[] {
  const { displayName, type, description = '', required } = property;
  const choices = choicesOf(property).map(({ name }) => name);
  const standard = property.default;
  const isPlain = ['number', 'boolean'].includes(typeof standard) || (typeof standard === 'string' && standard !== '');
  const sentence = description.replace(/\.$/, '');
  const words = [sentence, choices.length > 0 ? `One of: ${choices.join(', ')}` : ''].filter((text) => text !== '');
  return [
    `${path}${displayName}${required ? ' (required)' : ''}`,
    type,
    `${words.join('. ')}${isPlain && choices.length === 0 ? ` (default \`${String(standard)}\`)` : ''}`,
  ];
}
