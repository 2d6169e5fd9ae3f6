package dev.voiceai.cases;

import static net.javacrumbs.jsonunit.core.Option.IGNORING_ARRAY_ORDER;
import static net.javacrumbs.jsonunit.core.Option.IGNORING_EXTRA_ARRAY_ITEMS;
import static net.javacrumbs.jsonunit.core.Option.IGNORING_EXTRA_FIELDS;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import net.javacrumbs.jsonunit.JsonAssert;
import net.javacrumbs.jsonunit.core.Configuration;

/**
 * What a case expects of a JSON value: the fields that it names, in any order, and lists element by element. A text may be
 * a <a href="https://github.com/lukas-krecan/JsonUnit">JsonUnit</a> placeholder, such as {@code ${json-unit.any-string}} or
 * {@code ${json-unit.regex}^a+$}.
 */
final class Match {

    private static final Configuration FIELDS =
            Configuration.empty().when(IGNORING_EXTRA_FIELDS).withTolerance(BigDecimal.ZERO);
    private static final Configuration ELEMENTS_TOO = FIELDS.when(IGNORING_ARRAY_ORDER, IGNORING_EXTRA_ARRAY_ITEMS);

    private Match() {}

    /** @throws AssertionError naming each place that differs */
    static void require(JsonNode expected, JsonNode actual) {
        JsonAssert.assertJsonEquals(expected, actual, FIELDS);
    }

    /**
     * The same where lists have at least the expected elements, in any order.
     *
     * @throws AssertionError naming each place that differs
     */
    static void requireWithin(JsonNode expected, JsonNode actual) {
        JsonAssert.assertJsonEquals(expected, actual, ELEMENTS_TOO);
    }

    static boolean fits(JsonNode expected, JsonNode actual) {
        try {
            require(expected, actual);
            return true;
        } catch (AssertionError different) {
            return false;
        }
    }
}
