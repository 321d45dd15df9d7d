// A module without an agent.
export const nothing = undefined
