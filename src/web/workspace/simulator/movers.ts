/** Who a roll-out moves beside new sign-ups. */
export const movers = ['none', 'chosen', 'all'] as const;
export type Movers = (typeof movers)[number];
