import { parseSync, Visitor } from 'oxc-parser';

/** The functions, classes and constants declared in a file. Class members are `Class.member` or `Class.#member`. */
export function declaredNames(file: string, text: string): Set<string> {
  const names = new Set<string>();
  const add = (name: string | undefined) => name !== undefined && names.add(name);
  new Visitor({
    FunctionDeclaration: ({ id }) => add(id?.name),
    VariableDeclarator: ({ id }) => add(id.type === 'Identifier' ? id.name : undefined),
    ClassDeclaration: ({ id, body }) => {
      add(id?.name);
      for (const member of body.body) {
        if (!('key' in member)) continue;
        const { key } = member;
        if (key.type === 'PrivateIdentifier') add(`${id?.name}.#${key.name}`);
        if (key.type === 'Identifier' && !member.computed) add(`${id?.name}.${key.name}`);
      }
    },
  }).visit(parseSync(file, text).program);
  return names;
}
