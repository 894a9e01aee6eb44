import { type OutputUnit, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema';

const SHOWN_FAULTS = 3;

/** What is wrong about a value by its JSON Schema; nothing if it fits, or if the schema cannot be checked here. */
export function schemaFault(value: unknown, schema: object): string | undefined {
  // A copy, since the validator writes into it.
  const copy: Schema = JSON.parse(JSON.stringify(schema));
  let errors: OutputUnit[];
  try {
    ({ errors } = new Validator(copy, draftOf(copy), false).validate(value));
  } catch {
    // Such as for a reference to another document. The server has taken the schema.
    return undefined;
  }
  if (errors.length === 0) return undefined;
  return errors.filter(isInnermost).slice(0, SHOWN_FAULTS).map(inWords).join('; ');
}

/** What a list under `items` means differs between them. */
function draftOf({ $schema = '' }: Schema): SchemaDraft {
  if (/draft-0[67]/.test($schema)) return '7';
  return /draft-04/.test($schema) ? '4' : '2020-12';
}

/** The validator also tells of everything that the fault is in. */
const isInnermost = ({ keywordLocation }: OutputUnit, _: number, all: OutputUnit[]): boolean =>
  !all.some((other) => other.keywordLocation.startsWith(`${keywordLocation}/`));

function inWords({ instanceLocation, error }: OutputUnit): string {
  const place = instanceLocation.replace(/^#\/?/, '').replaceAll('/', '.');
  const said = error.replace(/\.$/, '');
  return place === '' ? said : `${place}: ${said}`;
}
