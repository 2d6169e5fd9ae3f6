package dev.voiceai.forwarder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One webhook of Retell, shrunk to a message {@code call-event/1}:
 *
 * <pre>{@code
 * {"schema":"call-event/1", "event":…, "call_id"?:…, "request_id"?:…, "attempt"?:…, "received_at":RFC 3339,
 *  "payload_sha256":hex of the raw body, "truncated"?:true, …other fields beside the call, "call"?:{…}}
 * }</pre>
 *
 * {@code request_id} and {@code attempt} are lifted from the call's metadata, as strings. Unknown events, fields and
 * values pass; what is dropped is named here, and unknown fields too large to be worth a place in the queue.
 *
 * @param event Retell's name of the event
 * @param callId null for an event that names no call
 * @param traceparent the trace context that the call's metadata names, as it came; null for none
 * @param message the message in printable ASCII: SQS refuses some characters that JSON strings may hold, such as U+FFFF
 * @see <a href="https://docs.retellai.com/features/webhook-overview">Retell: webhooks</a>
 */
record CallEvent(String event, String callId, String traceparent, String message) {
    static final String SCHEMA = "call-event/1";
    /** SQS takes 1 MiB with attributes; the trace context takes less than 100 bytes of the margin. */
    static final int MESSAGE_LIMIT = 1024 * 1024 - 4096;
    /** The longest unknown field that is passed on, in characters of JSON. */
    static final int FIELD_LIMIT = 16 * 1024;
    /** The longest name or identifier taken out of the body. */
    private static final int NAME_LIMIT = 200;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .rootValueSeparator("")
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            // Interning thousands of unknown names would cost seconds.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** Fields of the message that are the forwarder's to say. */
    private static final Set<String> OWN = Set.of(
            "schema", "call_id", "request_id", "attempt", "received_at", "payload_sha256", "truncated");
    /** Word timings, tool noise and telemetry: most of the bytes, and the processor reads none of them. */
    private static final Set<String> DROPPED = Set.of(
            "transcript_object",
            "transcript_with_tool_calls",
            "scrubbed_transcript_with_tool_calls",
            "latency",
            "llm_token_usage",
            "knowledge_base_retrieved_contents_url",
            "public_log_url");
    /** Kept whole at any length, while the message fits the queue. */
    private static final Set<String> KEPT = Set.of(
            "call_id", "call_type", "call_status", "direction", "from_number", "to_number",
            "agent_id", "agent_version", "agent_name", "agent_tag",
            "start_timestamp", "end_timestamp", "transfer_end_timestamp", "duration_ms", "disconnection_reason",
            "transfer_destination", "transfer_option", "event_timestamp",
            "transcript", "recording_url", "call_analysis", "call_cost",
            "metadata", "retell_llm_dynamic_variables", "collected_dynamic_variables");

    /** How much of the event is told; the first that fits the queue is sent. */
    private enum Detail { FULL, WITHOUT_TRANSCRIPT, KNOWN_SHORT_FIELDS }

    /**
     * Reads one webhook.
     *
     * @param body the raw bytes, of which the signature has been verified
     * @param receivedAt when it came
     * @return empty when the body is not a JSON object that names its event
     */
    static Optional<CallEvent> read(byte[] body, Instant receivedAt) {
        try {
            for (Detail detail : Detail.values()) {
                Reading reading = new Reading(detail);
                reading.read(body);
                if (reading.event == null) {
                    return Optional.empty();
                }
                String message = reading.message(receivedAt, sha256(body));
                if (message.length() <= MESSAGE_LIMIT) {
                    return Optional.of(new CallEvent(reading.event, reading.callId, reading.traceparent, message));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            // The source is an array, so this is about its content.
            return Optional.empty();
        }
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One pass over the body. */
    private static final class Reading {
        private final Detail detail;
        private final Map<String, String> beside = new LinkedHashMap<>();
        /** One for all values: a generator is dear, and a body may have many thousand fields. */
        private final StringWriter value = new StringWriter();
        private final JsonGenerator copier = JSON.createGenerator(value);
        private String event;
        private String callId;
        private String requestId;
        private String attempt;
        private String traceparent;
        private Map<String, String> call;

        Reading(Detail detail) throws IOException {
            this.detail = detail;
        }

        void read(byte[] body) throws IOException {
            try (JsonParser json = JSON.createParser(body)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    return;
                }
                String named = null;
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    JsonToken token = json.nextToken();
                    if (name.equals("event")) {
                        named = token == JsonToken.VALUE_STRING ? identifier(json) : null;
                        json.skipChildren();
                    } else if (name.equals("call")) {
                        forgetCall();
                        if (token == JsonToken.START_OBJECT) {
                            call = call(json);
                        } else {
                            keep(beside, name, field(name, json));
                        }
                    } else if (OWN.contains(name)) {
                        json.skipChildren();
                    } else {
                        keep(beside, name, field(name, json));
                    }
                }
                if (json.nextToken() == null) {
                    event = named;
                }
            }
        }

        private Map<String, String> call(JsonParser json) throws IOException {
            Map<String, String> fields = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("call_id")) {
                    callId = token == JsonToken.VALUE_STRING ? identifier(json) : null;
                }
                if (name.equals("metadata")) {
                    String metadata = copy(json);
                    lift(metadata);
                    keep(fields, name, fits(name, metadata) ? metadata : null);
                } else {
                    keep(fields, name, field(name, json));
                }
            }
            return fields;
        }

        /** Of several fields of one name the last counts, as for every reader of the message. */
        private static void keep(Map<String, String> fields, String name, String value) {
            if (value == null) {
                fields.remove(name);
            } else {
                fields.put(name, value);
            }
        }

        private void forgetCall() {
            call = null;
            callId = null;
            requestId = null;
            attempt = null;
            traceparent = null;
            beside.remove("call");
        }

        /** The field's value as JSON, or null when the message does without it. */
        private String field(String name, JsonParser json) throws IOException {
            if (DROPPED.contains(name) || detail != Detail.FULL && name.equals("transcript")) {
                json.skipChildren();
                return null;
            }
            String copy = copy(json);
            return fits(name, copy) ? copy : null;
        }

        private boolean fits(String name, String value) {
            boolean known = KEPT.contains(name);
            return switch (detail) {
                case FULL, WITHOUT_TRANSCRIPT -> known || value.length() <= FIELD_LIMIT;
                case KNOWN_SHORT_FIELDS -> known && value.length() <= FIELD_LIMIT;
            };
        }

        private void lift(String metadata) throws IOException {
            requestId = null;
            attempt = null;
            traceparent = null;
            try (JsonParser json = JSON.createParser(metadata)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    return;
                }
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    if (name.equals("request_id")) {
                        requestId = identifier(json);
                    } else if (name.equals("attempt")) {
                        attempt = identifier(json);
                    } else if (name.equals("traceparent")) {
                        traceparent = identifier(json);
                    }
                    json.skipChildren();
                }
            }
        }

        /** The text or number at hand, or null when it can't be a name or an identifier. */
        private static String identifier(JsonParser json) throws IOException {
            boolean fits = json.currentToken() == JsonToken.VALUE_STRING || json.currentToken().isNumeric();
            String text = fits ? json.getText() : "";
            return text.isBlank() || text.length() > NAME_LIMIT ? null : text;
        }

        private String copy(JsonParser json) throws IOException {
            value.getBuffer().setLength(0);
            copier.copyCurrentStructureExact(json);
            copier.flush();
            return value.toString();
        }

        String message(Instant receivedAt, String payloadSha256) throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator out = JSON.createGenerator(text)) {
                out.writeStartObject();
                out.writeStringField("schema", SCHEMA);
                out.writeStringField("event", event);
                writeIfPresent(out, "call_id", callId);
                writeIfPresent(out, "request_id", requestId);
                writeIfPresent(out, "attempt", attempt);
                out.writeStringField("received_at", MILLISECONDS.format(receivedAt));
                out.writeStringField("payload_sha256", payloadSha256);
                if (detail != Detail.FULL) {
                    out.writeBooleanField("truncated", true);
                }
                writeFields(out, beside);
                if (call != null) {
                    out.writeObjectFieldStart("call");
                    writeFields(out, call);
                    out.writeEndObject();
                }
                out.writeEndObject();
            }
            return text.toString();
        }

        private static void writeFields(JsonGenerator out, Map<String, String> fields) throws IOException {
            for (Map.Entry<String, String> field : fields.entrySet()) {
                out.writeFieldName(field.getKey());
                out.writeRawValue(field.getValue());
            }
        }

        private static void writeIfPresent(JsonGenerator out, String name, String value) throws IOException {
            if (value != null) {
                out.writeStringField(name, value);
            }
        }
    }
}
