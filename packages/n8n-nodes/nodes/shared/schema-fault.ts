import { type OutputUnit, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema';

const SHOWN_FAULTS = 3;

/** What is wrong with a value by its JSON Schema; undefined if it matches, or if the schema cannot be checked here. */
export function schemaFault(value: unknown, schema: object): string | undefined {
  // A copy, since the validator modifies it.
  const copy: Schema = JSON.parse(JSON.stringify(schema));
  let errors: OutputUnit[];
  try {
    ({ errors } = new Validator(copy, draftOf(copy), false).validate(value));
  } catch {
    // For example because of a reference to another document. The server has accepted the schema.
    return undefined;
  }
  if (errors.length === 0) return undefined;
  return errors.filter(isInnermost).slice(0, SHOWN_FAULTS).map(inWords).join('; ');
}

/** The meaning of a list under `items` differs between them. */
function draftOf({ $schema = '' }: Schema): SchemaDraft {
  if (/draft-0[67]/.test($schema)) return '7';
  return /draft-04/.test($schema) ? '4' : '2020-12';
}

/** The validator also reports everything that contains the fault. */
const isInnermost = ({ keywordLocation }: OutputUnit, _: number, all: OutputUnit[]): boolean =>
  !all.some((other) => other.keywordLocation.startsWith(`${keywordLocation}/`));

function inWords({ instanceLocation, error }: OutputUnit): string {
  const place = instanceLocation.replace(/^#\/?/, '').replaceAll('/', '.');
  const reason = error.replace(/\.$/, '');
  return place === '' ? reason : `${place}: ${reason}`;
}
