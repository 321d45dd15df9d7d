// A guarded service that prints, in a process whose output is a pipe: node --import tsx --conditions=@x/source printing-program.ts.
import type { ClusteredService } from '@x/cluster'
import { guardDeterminism, TestCluster, type Nondeterminism } from '@x/cluster/testing'

class PrintingService implements ClusteredService {
  onStart(): void {}
  onSessionMessage(): void {
    process.stdout.write('printed\n')
    process.stdout.write('x'.repeat(100_000))
    process.stderr.write('told\n')
    Math.random()
  }
  onTakeSnapshot(): void {}
}

const found: Nondeterminism[] = []
const guarded = guardDeterminism(new PrintingService(), { onFound: (one) => found.push(one) })
{
  using cluster = new TestCluster({ createService: () => guarded, determinismGuard: false })
  cluster.openSession().send(new Uint8Array(1))
}
guarded.setGuarding(false)
process.stdout.write(`\nfound ${found.map(({ api }) => api).join()}\n`)
