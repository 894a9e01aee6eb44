import type { INodeProperties } from 'n8n-workflow';

/** The text at the top of n8n's own sub-nodes, with a link that opens the list of nodes they can be connected to. */
export const connectionNotice = (places: readonly { name: string; connectionType: string }[]): INodeProperties => ({
  displayName: `This node must be connected to ${places.map(({ name }) => name).join(' or ')}. ${places
    .map(
      ({ name, connectionType }) =>
        `<a data-action='openSelectiveNodeCreator' data-action-parameter-connectiontype='${connectionType}'>Insert ${name}</a>`,
    )
    .join(' ')}`,
  name: 'notice',
  type: 'notice',
  default: '',
  typeOptions: { containerClass: 'ndv-connection-hint-notice' },
});
