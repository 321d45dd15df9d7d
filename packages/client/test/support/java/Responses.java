import io.aeron.Aeron;
import io.aeron.response.ResponseClient;
import io.aeron.response.ResponseServer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Runs Aeron's own sample of response channels: "server" or "client", aeron directory, request endpoint, request stream, response control
 * address, response stream, and a name. The server answers "name: request"; the client asks "request of name" until it is answered, and
 * prints each answer.
 */
public final class Responses
{
    private static void serve(final Aeron aeron, final String[] args)
    {
        final UnsafeBuffer answer = new UnsafeBuffer(new byte[1024]);
        try (ResponseServer server = new ResponseServer(
            aeron,
            (image) -> (buffer, offset, length, header, publication) ->
            {
                final String request = buffer.getStringWithoutLengthUtf8(offset, length);
                final int answerLength = answer.putStringWithoutLengthUtf8(0, args[6] + ": " + request);
                return publication.offer(answer, 0, answerLength) > 0;
            },
            args[2], Integer.parseInt(args[3]), args[4], Integer.parseInt(args[5]), null, null))
        {
            System.out.println("serving");
            while (!Thread.currentThread().isInterrupted())
            {
                if (server.doWork() == 0)
                {
                    LockSupport.parkNanos(100_000);
                }
            }
        }
    }

    private static void ask(final Aeron aeron, final String[] args)
    {
        final UnsafeBuffer request = new UnsafeBuffer(("request of " + args[6]).getBytes(StandardCharsets.UTF_8));
        final int[] answers = {0};
        try (ResponseClient client = new ResponseClient(
            aeron,
            (buffer, offset, length, header) ->
            {
                System.out.println("answer <" + buffer.getStringWithoutLengthUtf8(offset, length) + ">");
                answers[0]++;
            },
            args[2], Integer.parseInt(args[3]), args[4], Integer.parseInt(args[5])))
        {
            boolean isSent = false;
            while (answers[0] == 0)
            {
                client.doWork();
                if (!isSent && client.isConnected())
                {
                    isSent = client.offer(request) > 0;
                }
                LockSupport.parkNanos(100_000);
            }
            // An answer that is not for this one would come now.
            for (int i = 0; i < 500; i++)
            {
                client.doWork();
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    public static void main(final String[] args)
    {
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(args[1])))
        {
            if (args[0].equals("server"))
            {
                serve(aeron, args);
            }
            else
            {
                ask(aeron, args);
            }
        }
    }
}
