import com.sun.management.OperatingSystemMXBean;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;

/**
 * Processor time of a process that polls a subscription on which nothing comes, for each idle strategy.
 * Parameters: dir, channel, stream, strategies (comma separated), settleMs, measureMs.
 */
public final class IdleCpu
{
    private static final class Poller implements Agent
    {
        private final Subscription subscription;

        Poller(final Subscription subscription)
        {
            this.subscription = subscription;
        }

        public int doWork()
        {
            return subscription.poll((buffer, offset, length, header) -> {}, 10);
        }

        public String roleName()
        {
            return "idle";
        }
    }

    public static void main(final String[] args) throws InterruptedException
    {
        final Params params = new Params(args);
        final SampleOutput output = new SampleOutput();
        final OperatingSystemMXBean system =
            (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir")));
            Subscription subscription = aeron.addSubscription(params.text("channel"), params.number("stream"));
            ExclusivePublication publication = aeron.addExclusivePublication(
                params.text("channel"), params.number("stream")))
        {
            while (!publication.isConnected())
            {
                Thread.sleep(1);
            }
            for (final String strategy : params.text("strategies").split(","))
            {
                try (AgentRunner runner = new AgentRunner(
                    Idle.strategy(strategy), Throwable::printStackTrace, null, new Poller(subscription)))
                {
                    AgentRunner.startOnThread(runner);
                    Thread.sleep(params.number("settleMs"));
                    final long start = System.nanoTime();
                    final long before = system.getProcessCpuTime();
                    Thread.sleep(params.number("measureMs"));
                    final double used = system.getProcessCpuTime() - before;
                    output.value(strategy, used / (System.nanoTime() - start) * 100);
                }
            }
        }
        output.print();
    }
}
