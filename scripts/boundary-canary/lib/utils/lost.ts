export const lost = 1 // planted
