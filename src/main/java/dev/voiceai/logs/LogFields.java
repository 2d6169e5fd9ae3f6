package dev.voiceai.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Makes fields of the {@code name=value} pairs that the routes' log lines carry ({@code request_id=… attempt=1}), so that
 * a log store finds the lines of one call. The words are those of the API; none of them holds a person's data.
 *
 * @see <a href="https://docs.spring.io/spring-boot/reference/features/logging.html#features.logging.structured">Structured
 *     logging</a>
 */
public final class LogFields implements StructuredLoggingJsonMembersCustomizer<ILoggingEvent> {

    private static final Pattern PAIR = Pattern.compile("\\b(request_id|attempt|call_id|task_id|event|sink|state|outcome|decision"
            + "|reason|code|failure|receives|outbox_id|trace_id)=(\\S+)");

    @Override
    public void customize(Members<ILoggingEvent> members) {
        members.add().usingPairs((event, fields) -> pairs(event.getFormattedMessage()).forEach(fields::accept));
    }

    private static Map<String, String> pairs(String message) {
        Map<String, String> pairs = new LinkedHashMap<>();
        PAIR.matcher(message).results().forEach(pair -> pairs.putIfAbsent(pair.group(1), pair.group(2)));
        return pairs;
    }
}
