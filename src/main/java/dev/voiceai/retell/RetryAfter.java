package dev.voiceai.retell;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Until when Retell asks not to be called again.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">Retry-After</a>
 */
public final class RetryAfter {

    /** Longer than any limit of Retell's; a mistake over there must not stop calls for days. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern MILLISECONDS = Pattern.compile("\\d{1,100}(\\.\\d{1,100})?");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,100}");

    /** The three forms of an HTTP date, of which the last two are obsolete yet have to be understood. */
    private static final List<DateTimeFormatter> DATES = Stream.of(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", "EEEE, dd-MMM-uu HH:mm:ss 'GMT'", "EEE MMM ppd HH:mm:ss uuuu")
            .map(form -> DateTimeFormatter.ofPattern(form, Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT)
                    .withZone(ZoneOffset.UTC))
            .toList();

    /**
     * The moment up to which an answer asks to wait.
     *
     * @param retryAfterMs the header {@code retry-after-ms}, milliseconds, which goes first where it can be read; may be
     *     null
     * @param retryAfter the header {@code Retry-After}, seconds or an HTTP date; may be null
     * @return UTC, at most one hour ahead; null when neither header can be read, and for a moment that has passed
     */
    public OffsetDateTime until(String retryAfterMs, String retryAfter, OffsetDateTime now) {
        String millis = retryAfterMs == null ? "" : retryAfterMs.strip();
        String other = retryAfter == null ? "" : retryAfter.strip();
        if (MILLISECONDS.matcher(millis).matches()) {
            return after(new BigDecimal(millis), now);
        }
        if (SECONDS.matcher(other).matches()) {
            return after(new BigDecimal(other).movePointRight(3), now);
        }
        Instant date = date(other);
        return date == null || date.isBefore(now.toInstant())
                ? null
                : after(BigDecimal.valueOf(Duration.between(now.toInstant(), date).toMillis()), now);
    }

    private static Instant date(String text) {
        for (DateTimeFormatter form : DATES) {
            try {
                return form.parse(text, Instant::from);
            } catch (DateTimeException otherForm) {
                // The next one may be it.
            }
        }
        return null;
    }

    private static OffsetDateTime after(BigDecimal millis, OffsetDateTime now) {
        var wait = millis.min(BigDecimal.valueOf(LONGEST.toMillis()));
        return now.withOffsetSameInstant(ZoneOffset.UTC).plus(Duration.ofMillis(wait.longValue()));
    }
}
