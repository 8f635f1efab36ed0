export const cardWidth = 1200;
export const cardHeight = 630;
