import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Parameters of a program, given as key=value; the same keys in every language.
 */
final class Params
{
    private final Map<String, String> values = new HashMap<>();

    Params(final String[] args)
    {
        for (final String arg : args)
        {
            final int at = arg.indexOf('=');
            values.put(arg.substring(0, at), arg.substring(at + 1));
        }
    }

    String text(final String key)
    {
        final String value = values.get(key);
        if (null == value)
        {
            throw new IllegalArgumentException("Cannot run: give " + key + "=...");
        }
        return value;
    }

    int number(final String key)
    {
        return Integer.parseInt(text(key));
    }

    /** Separated by commas. */
    int[] numbers(final String key)
    {
        return Arrays.stream(text(key).split(",")).mapToInt(Integer::parseInt).toArray();
    }
}
