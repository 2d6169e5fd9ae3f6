package dev.voiceai.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.voiceai.logs.MessageNames;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Shows how a message is built without what it says. A value is shown only where its field is known to be harmless, at a
 * place where names are ours or Retell's, and where it looks like what the field holds; everything else is replaced by its
 * kind and length, and so are the names of fields that are not known.
 */
public final class Redaction {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");
    private static final Pattern VERSION = Pattern.compile("[a-z][A-Za-z_.:/-]{0,120}/[0-9]{1,4}|1\\.0");
    /** Milliseconds of the longest call, and then some. */
    private static final double LARGEST = 1e7;
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** Texts that are shown, and what they have to look like. */
    private static final Map<String, Pattern> TEXTS = new LinkedHashMap<>();
    /** Numbers and truth values that are shown. */
    private static final Set<String> PLAIN = Set.of(
            "attempt", "no", "version", "agent_version", "duration_ms", "duration_seconds", "cost_usd", "combined_cost",
            "total_duration_seconds", "start_timestamp", "end_timestamp", "final", "is_final", "truncated", "seq");
    /** Names of fields whose values are not shown: of the messages, of the call and of the warehouse's rows. */
    private static final Set<String> NAMES = Set.of(
            "call", "call_analysis", "call_cost", "call_summary", "call_successful", "in_voicemail", "user_sentiment",
            "custom_analysis_data", "custom_analysis", "summary", "transcript", "transcript_object", "recording_url",
            "recording_multi_channel_url", "public_log_url", "opt_out", "from_number", "to_number", "number", "numbers",
            "contact_id", "campaign", "purpose", "metadata", "dynamic_variables", "retell_llm_dynamic_variables",
            "collected_dynamic_variables", "custom_sip_headers", "transfer_destination", "data", "payload", "fields", "result",
            "reason", "reason_message", "message", "actor", "agent_name", "timezone", "product_costs", "telephony_identifier",
            "latency", "call_row", "args", "name");
    /** Below these everything is somebody's own words, names of fields included. */
    private static final Set<String> FOREIGN = Set.of(
            "custom_analysis_data", "custom_analysis", "dynamic_variables", "retell_llm_dynamic_variables",
            "collected_dynamic_variables", "custom_sip_headers", "fields", "result", "args", "transcript_object");

    static {
        for (String id : Set.of("call_id", "agent_id", "subject", "policy_row")) {
            TEXTS.put(id, MessageNames.ID);
        }
        for (String id : Set.of("id", "event_id", "request_id", "parent_request_id", "task_id")) {
            TEXTS.put(id, MessageNames.UUID);
        }
        for (String word : Set.of(
                "event", "type", "kind", "state", "outcome", "code", "rule", "reason_code", "reason_rule",
                "refusal_code", "disconnection_reason", "direction", "call_type", "call_status", "datacontenttype")) {
            TEXTS.put(word, MessageNames.WORD);
        }
        for (String time : Set.of(
                "time", "until", "not_before", "expires_at", "received_at", "created_at", "updated_at", "due_at", "event_at",
                "dialing_at", "dialed_at", "started_at", "ended_at", "analyzed_at")) {
            TEXTS.put(time, TIME);
        }
        TEXTS.put("schema", VERSION);
        TEXTS.put("dataschema", VERSION);
        TEXTS.put("specversion", VERSION);
        TEXTS.put("event_name", Pattern.compile("(Voice call|Call) [a-z ]{1,40}"));
        TEXTS.put("attempt", MessageNames.SMALL_NUMBER);
        TEXTS.put("payload_sha256", SHA_256);
        TEXTS.put("source", Pattern.compile("/[a-z][a-z/_-]{0,127}"));
    }

    private final ObjectMapper json;

    public Redaction(ObjectMapper json) {
        this.json = json;
    }

    /**
     * What may be told of a text: {@code content}, its JSON with values replaced; or where it is not JSON {@code unreadable}
     * with its {@code length} in characters, its {@code sha256}, and the {@code line} and {@code column}, from 1, at which
     * reading failed.
     */
    public Map<String, Object> content(String text) {
        try {
            return Map.of("content", redact("", json.readTree(text), Place.OURS));
        } catch (JsonProcessingException failure) {
            var unreadable = new LinkedHashMap<String, Object>();
            unreadable.put("length", text.length());
            unreadable.put("sha256", DigestUtils.sha256Hex(text));
            if (failure.getLocation() != null) {
                unreadable.put("line", failure.getLocation().getLineNr());
                unreadable.put("column", failure.getLocation().getColumnNr());
            }
            return Map.of("unreadable", unreadable);
        }
    }

    /** The JSON of a text; a missing node where it has none. */
    JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException poison) {
            return MissingNode.getInstance();
        }
    }

    private enum Place {
        OURS,
        /** Has the fields that we put into it, and the caller's own. */
        METADATA,
        FOREIGN
    }

    private JsonNode redact(String name, JsonNode node, Place place) {
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> {
                boolean known = isKnown(field.getKey(), place);
                String shown = known ? field.getKey()
                        : "[redacted name " + (object.size() + 1) + ", " + field.getKey().length() + " characters]";
                object.set(shown, redact(field.getKey(), field.getValue(), below(field.getKey(), known)));
            });
            return object;
        }
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            // A list under the name of one harmless value is not what the name promises.
            node.forEach(item -> array.add(redact("", item, place)));
            return array;
        }
        if (node.isNull() || node.isMissingNode() || place != Place.FOREIGN && isHarmless(name, node)) {
            return node;
        }
        return TextNode.valueOf(node.isTextual() ? "[redacted, " + node.textValue().length() + " characters]"
                : node.isBoolean() ? "[redacted, true or false]" : "[redacted, a number]");
    }

    private static boolean isKnown(String name, Place place) {
        return switch (place) {
            case OURS -> TEXTS.containsKey(name) || PLAIN.contains(name) || NAMES.contains(name);
            case METADATA -> name.equals("request_id") || name.equals("attempt");
            case FOREIGN -> false;
        };
    }

    private static Place below(String name, boolean known) {
        if (!known || FOREIGN.contains(name)) {
            return Place.FOREIGN;
        }
        return name.equals("metadata") ? Place.METADATA : Place.OURS;
    }

    private static boolean isHarmless(String name, JsonNode value) {
        if (value.isTextual()) {
            return TEXTS.containsKey(name) && TEXTS.get(name).matcher(value.textValue()).matches();
        }
        if (!PLAIN.contains(name)) {
            return false;
        }
        // No phone number has a place in these ranges: one of seven digits has no country, and one of thirteen begins higher.
        return value.isBoolean() || (name.endsWith("_timestamp")
                ? value.doubleValue() >= 1e12 && value.doubleValue() < 2e12
                : Math.abs(value.doubleValue()) < LARGEST);
    }
}
