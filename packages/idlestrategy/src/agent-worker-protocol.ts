/** Word of the control memory that tells the worker to end. */
export const CLOSE_WORD = 0
/** Length of the control memory, in bytes. */
export const CONTROL_LENGTH = 4

/** What a worker thread gets from the {@link AgentWorker} that started it. */
export interface AgentWorkerData {
  readonly agentControl: SharedArrayBuffer
  readonly data: unknown
}

/** Whether `value` is what an `AgentWorker` hands its thread. */
export function isAgentWorkerData(value: unknown): value is AgentWorkerData {
  return typeof value === 'object' && value !== null && 'agentControl' in value
}
