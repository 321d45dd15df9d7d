import io.aeron.driver.MediaDriver;
import io.aeron.driver.NameResolverAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.ShutdownSignalBarrier;

/** A media driver for which the address of the host "receiver" is what a file says at the moment: path of the file. */
public final class RenamingDriver
{
    public static void main(final String[] args)
    {
        final NameResolverAgent resolver = (name, uriParamName, isReResolution) ->
        {
            try
            {
                final String host = name.equals("receiver") ? Files.readString(Path.of(args[0])).trim() : name;
                return InetAddress.getByName(host);
            }
            catch (final UnknownHostException ignored)
            {
                return null;
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        };
        try (ShutdownSignalBarrier barrier = new ShutdownSignalBarrier();
            MediaDriver driver = MediaDriver.launch(new MediaDriver.Context().nameResolver(resolver)))
        {
            System.out.println("running in " + driver.aeronDirectoryName());
            barrier.await();
        }
    }
}
