// A publisher as a process of its own, or, with worker data, as a worker thread: <plan as JSON>
import { workerData } from 'node:worker_threads'
import type { PublisherPlan } from './campaign-plan.ts'
import { publish } from './publish.ts'

await publish((workerData ?? JSON.parse(process.argv[2] ?? '')) as PublisherPlan)
