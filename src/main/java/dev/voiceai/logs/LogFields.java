package dev.voiceai.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Set;
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

    private static final Set<String> NAMES = Set.of("request_id", "attempt", "call_id", "task_id", "event", "sink", "state",
            "outcome", "decision", "reason", "code", "failure", "receives", "outbox_id");

    @Override
    public void customize(Members<ILoggingEvent> members) {
        for (String name : NAMES) {
            Pattern pair = Pattern.compile("\\b" + name + "=(\\S+)");
            members.add(name, event -> {
                var value = pair.matcher(event.getFormattedMessage());
                return value.find() ? value.group(1) : null;
            }).whenNotNull();
        }
    }
}
