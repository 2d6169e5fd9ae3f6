package dev.voiceai.calls;

import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.http.Problem;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.function.Supplier;

/** The rules of the do-not-call list that come after {@code routes/schemas/do-not-call*.json}. */
public final class DoNotCallRules {

    /** RFC 3339 has four digits for it. */
    private static final int LAST_YEAR = 9999;

    private final PhoneNumbers numbers;
    private final Supplier<OffsetDateTime> now;

    public DoNotCallRules(PhoneNumbers numbers, Supplier<OffsetDateTime> now) {
        this.numbers = numbers;
        this.now = now;
    }

    /**
     * Checks a body that the schema has passed, and reports everything at once.
     *
     * @throws Problem status 422; codes {@code impossible_number}, {@code invalid_time}, {@code in_past},
     *     {@code forbidden_character}
     */
    public void check(JsonNode body) {
        var errors = new FieldErrors();
        errors.checkNumbers(body, "numbers", numbers);
        errors.checkAhead(body, "until", now.get());
        errors.checkCharacters(body);
        errors.throwIfAny();
    }

    /**
     * The end of an opt-out as a voice agent understood it, RFC 3339; null, which is for ever, when the text is no time
     * that lies ahead: a wish not to be called is not refused over a time that was misheard.
     */
    public String aheadOrNever(String text) {
        try {
            var end = text == null ? now.get() : OffsetDateTime.parse(text.strip());
            return end.isAfter(now.get()) && end.getYear() <= LAST_YEAR ? ISO_OFFSET_DATE_TIME.format(end) : null;
        } catch (DateTimeException notATime) {
            return null;
        }
    }
}
