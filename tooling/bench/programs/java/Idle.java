import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * Idle strategies by Agrona's aliases.
 */
final class Idle
{
    static IdleStrategy strategy(final String alias)
    {
        switch (alias)
        {
            case "spin": return new BusySpinIdleStrategy();
            case "yield": return new YieldingIdleStrategy();
            case "backoff": return new BackoffIdleStrategy();
            case "sleep-ns": return new SleepingIdleStrategy();
            case "sleep-ms": return new SleepingMillisIdleStrategy();
            default: throw new IllegalArgumentException("Cannot idle: there is no strategy " + alias);
        }
    }
}
