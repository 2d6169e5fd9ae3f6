package dev.voiceai.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The placeholders of one case: what its steps kept, and what is made up for it at first use. {@code ${number}},
 * {@code ${contact}} and {@code ${uuid}} belong to the case alone, as do names that begin so ({@code ${number_b}}).
 * {@code ${now}}, {@code ${now+PT5S}} and {@code ${now-P1D}} are moments in UTC. Whatever else is a setting.
 */
final class Values {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(?!json-unit)([^}]+)}");
    private static final Pattern NOW = Pattern.compile("now(?:([+-])(P.+))?");
    /** Numbers of no subscriber: 555-0130 to 555-0199 in these area codes; the sandbox's own end below them. */
    private static final String[] AREAS = {"202", "206", "212", "213", "214", "215", "303", "304", "305", "312", "313", "314",
        "404", "405", "407", "412", "502", "503", "504", "505", "602", "603", "605", "612", "702", "703", "704", "713"};
    private static final int PER_AREA = 70;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Map<String, JsonNode> kept = new HashMap<>();
    private final Function<String, String> settings;

    /** @param settings the value of a setting of the system; null for one that it does not have */
    Values(Function<String, String> settings) {
        this.settings = settings;
    }

    void keep(String name, JsonNode value) {
        kept.put(name, value);
    }

    boolean has(String name) {
        return kept.containsKey(name);
    }

    /** The same tree with a value in place of each placeholder; a text that is one placeholder becomes that value itself. */
    JsonNode fill(JsonNode node) {
        if (node.isTextual()) {
            Matcher whole = PLACEHOLDER.matcher(node.asText());
            return whole.matches() ? value(whole.group(1)) : TextNode.valueOf(fill(node.asText()));
        }
        if (node.isArray()) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> filled.add(fill(element)));
            return filled;
        }
        if (node.isObject()) {
            ObjectNode filled = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> filled.set(fill(field.getKey()), fill(field.getValue())));
            return filled;
        }
        return node;
    }

    String fill(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1)).asText()));
    }

    private JsonNode value(String name) {
        Matcher now = NOW.matcher(name);
        if (now.matches()) {
            return TextNode.valueOf(moment(now).toString());
        }
        if (!kept.containsKey(name) && name.matches("(number|contact|uuid)(_\\w+)?")) {
            keep(name, TextNode.valueOf(madeUp(name)));
        }
        if (kept.containsKey(name)) {
            return kept.get(name);
        }
        String setting = settings.apply(name);
        if (setting == null) {
            throw new AssertionError("nothing is known by the name ${" + name + "}");
        }
        return TextNode.valueOf(setting);
    }

    private static Instant moment(Matcher now) {
        Instant moment = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Duration distance = now.group(2) == null ? Duration.ZERO : Duration.parse(now.group(2));
        return "-".equals(now.group(1)) ? moment.minus(distance) : moment.plus(distance);
    }

    private static String madeUp(String name) {
        String uuid = UUID.randomUUID().toString();
        if (name.startsWith("number")) {
            int number = NUMBERS.getAndIncrement();
            return "+1%s5550%d".formatted(AREAS[number / PER_AREA % AREAS.length], 200 - PER_AREA + number % PER_AREA);
        }
        return name.startsWith("contact") ? "contact-" + uuid : uuid;
    }
}
