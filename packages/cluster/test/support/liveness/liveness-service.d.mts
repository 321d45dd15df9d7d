import type { ClusteredService, CreateService } from '@x/cluster'

/** Obeys commands of clients: "hold 500", "outside 500", "garbage 500", "throw", "uncaught", "exit", "loop", "echo". */
export declare class LivenessService implements ClusteredService {
  constructor(say: (line: string) => void)
  onStart: ClusteredService['onStart']
  onSessionMessage: ClusteredService['onSessionMessage']
  onTakeSnapshot: ClusteredService['onTakeSnapshot']
}

/** For a worker thread. */
export declare const createService: CreateService
