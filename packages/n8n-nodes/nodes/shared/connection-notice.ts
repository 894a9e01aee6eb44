import type { INodeProperties } from 'n8n-workflow';

/** What n8n's own sub-nodes say at their top, with a link that opens the list of nodes that they can be connected to. */
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
