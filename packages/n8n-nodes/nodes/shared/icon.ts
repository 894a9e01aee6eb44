/** Of all nodes. n8n reads the paths from the folder of a node. */
export const icon = { light: 'file:../../icons/toolbelt.svg', dark: 'file:../../icons/toolbelt.dark.svg' } as const;
