// key: [English, Ukrainian]. What was: timeline and incidents.
export const days = {
};
