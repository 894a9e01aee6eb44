import type { Need, ToolFacts } from '../tools/tool.ts';

/** Models for calls that name none. */
export interface DefaultModels {
  chat?: string | undefined;
  embed?: string | undefined;
}

/** A tool with schemas of some kind. */
export type WithSchemas<Schema> = ToolFacts & { input: Schema; output: Schema };

/** How to change schemas of one kind. */
export interface SchemaKind<Schema> {
  /** Names of its fields. */
  fieldsOf(schema: Schema): readonly string[];
  without(schema: Schema, names: readonly string[]): Schema;
  /** A copy with new descriptions for some fields. */
  described(schema: Schema, texts: Readonly<Record<string, string>>): Schema;
  /** A copy in which `model` is optional. */
  withDefaultModel(schema: Schema, model: string): Schema;
}

/** The tools of a server, without the fields that need something it does not have. */
export function offeredTools<Schema, Offered extends WithSchemas<Schema>>(
  kind: SchemaKind<Schema>,
  tools: readonly Offered[],
  offers: ReadonlySet<Need>,
  models: DefaultModels,
): Offered[] {
  const has = (need: Need | undefined) => need === undefined || offers.has(need);
  return tools
    .filter(({ needs }) => has(needs))
    .map((tool) => {
      const { fieldNeeds, withFiles, defaultModel, annotations } = tool;
      const fitting = (schema: Schema) => {
        const lacking = kind.fieldsOf(schema).filter((name) => !has(fieldNeeds?.[name]));
        return lacking.length === 0 ? schema : kind.without(schema, lacking);
      };
      const fitted = fitting(tool.input);
      const input = withFiles && has('files') ? kind.described(fitted, withFiles) : fitted;
      const model = defaultModel && models[defaultModel];
      return {
        ...tool,
        input: model === undefined ? input : kind.withDefaultModel(input, model),
        output: fitting(tool.output),
        annotations: { ...annotations, readOnlyHint: annotations.readOnlyHint && !mayWrite(tool, has) },
      };
    });
}

const mayWrite = ({ fieldNeeds = {} }: ToolFacts, has: (need: Need) => boolean) =>
  Object.values(fieldNeeds).includes('output') && has('output');
