package dev.voiceai.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.http.FieldError;
import dev.voiceai.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a body, so that one answer names all of it. Messages never repeat a value. */
final class FieldErrors {

    private static final int LARGEST_OBJECT = 16 * 1024;
    private static final String IMPOSSIBLE_NUMBER = "can't be a phone number: its country code or length does not exist";

    private final List<FieldError> errors = new ArrayList<>();

    void add(String pointer, String code, String message) {
        errors.add(new FieldError(pointer, code, message));
    }

    /** @throws Problem status 422 with every error, if there is one */
    void throwIfAny() {
        if (!errors.isEmpty()) {
            throw toProblem();
        }
    }

    Problem toProblem() {
        return Problem.validation(List.copyOf(errors));
    }

    void checkNumber(JsonNode body, String field, PhoneNumbers numbers) {
        if (body.hasNonNull(field) && !numbers.isPossible(body.get(field).asText())) {
            add("/" + field, "impossible_number", IMPOSSIBLE_NUMBER);
        }
    }

    void checkNumbers(JsonNode body, String field, PhoneNumbers numbers) {
        for (int i = 0; i < body.path(field).size(); i++) {
            if (!numbers.isPossible(body.get(field).get(i).asText())) {
                add("/" + field + "/" + i, "impossible_number", IMPOSSIBLE_NUMBER);
            }
        }
    }

    /** @param present the moment after which the time has to lie */
    void checkAhead(JsonNode body, String field, OffsetDateTime present) {
        OffsetDateTime time = time(body, "/" + field);
        if (time != null && !time.isAfter(present)) {
            add("/" + field, "in_past", "must lie ahead");
        }
    }

    /** The time at a place; null where there is none, and an error where no clock shows it. */
    OffsetDateTime time(JsonNode body, String pointer) {
        JsonNode value = body.at(pointer);
        if (!value.isTextual()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value.textValue());
        } catch (DateTimeException unknown) {
            // The schema lets pass what RFC 3339 allows and no clock shows, such as a leap second.
            add(pointer, "invalid_time", "must be a date and time that exist");
            return null;
        }
    }

    void checkZone(JsonNode body, String field) {
        if (body.hasNonNull(field) && !PhoneNumbers.isZone(body.get(field).asText())) {
            add("/" + field, "unknown_zone", "must be an IANA time zone such as America/New_York");
        }
    }

    void checkSize(JsonNode body, String field) {
        if (body.path(field).toString().getBytes(StandardCharsets.UTF_8).length > LARGEST_OBJECT) {
            add("/" + field, "too_large", "must not be larger than " + LARGEST_OBJECT + " bytes as JSON in UTF-8");
        }
    }

    /**
     * Finds text that can't be stored or sent on: U+0000, which PostgreSQL refuses, and half of a surrogate pair, which
     * UTF-8 has no bytes for. JSON's {@code \\u} escapes let both through.
     */
    void checkCharacters(JsonNode node) {
        checkCharacters("", node);
    }

    private void checkCharacters(String pointer, JsonNode node) {
        if (node.isTextual() && isUnusable(node.textValue())) {
            add(pointer, "forbidden_character", "must not contain U+0000 or half of a surrogate pair");
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                checkCharacters(pointer + "/" + i, node.get(i));
            }
        } else if (node.isObject()) {
            node.properties().forEach(property -> {
                if (isUnusable(property.getKey())) {
                    add(pointer, "forbidden_character", "has a name with U+0000 or half of a surrogate pair");
                } else {
                    String name = property.getKey().replace("~", "~0").replace("/", "~1");
                    checkCharacters(pointer + "/" + name, property.getValue());
                }
            });
        }
    }

    private static boolean isUnusable(String text) {
        return text.codePoints()
                .anyMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
    }
}
