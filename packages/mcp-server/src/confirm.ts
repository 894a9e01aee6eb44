/** Asks the person before something that cannot be taken back; false where there is nobody to ask. */
export type Confirm = (question: string) => Promise<boolean>;

/** No tool of this version destroys anything, and what cannot be asked is not agreed to. */
export const nobodyToAsk: Confirm = async () => false;
