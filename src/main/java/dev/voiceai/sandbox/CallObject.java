package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.UUID;

/**
 * Retell's call object in each phase of a call. Timestamps are Unix milliseconds, word times seconds, costs cents; a
 * field that is not set is left out.
 *
 * @see <a href="https://docs.retellai.com/api-references/get-call">Retell: the call object</a>
 */
final class CallObject {
    /** The fields that list-calls leaves out of its items. */
    static final List<String> LONG_FIELDS =
            List.of("transcript", "transcript_object", "transcript_with_tool_calls");

    private static final String AGENT = "agent_sandbox";
    /** Cents per second. */
    private static final List<Price> PRICES = List.of(new Price("elevenlabs_tts", new BigDecimal("0.1166667")),
            new Price("gpt_4_1", new BigDecimal("0.075")), new Price("us_telephony", new BigDecimal("0.025")));

    private record Price(String product, BigDecimal perSecond) {
    }

    private CallObject() {
    }

    /** A call that was just placed. */
    static ObjectNode registered(CallRequest request) {
        JsonNode asked = request.body();
        JsonNode version = asked.path("override_agent_version");
        ObjectNode call = registered(asked.path("override_agent_id").asText(AGENT), "outbound",
                request.fromNumber(), request.toNumber());
        call.put("agent_version", version.asInt(1));
        if (version.isTextual()) {
            call.put("agent_tag", version.asText());
        }
        return echo(call, asked, "metadata", "retell_llm_dynamic_variables", "custom_sip_headers");
    }

    /** A call that has come in. */
    static ObjectNode inbound(String fromNumber, String toNumber) {
        return registered(AGENT, "inbound", fromNumber, toNumber);
    }

    /** What the inbound webhook wants for a call that has come in. */
    static void accept(ObjectNode call, JsonNode answer) {
        if (answer.has("override_agent_id")) {
            call.set("agent_id", answer.get("override_agent_id"));
        }
        if (answer.has("dynamic_variables")) {
            call.set("retell_llm_dynamic_variables", answer.get("dynamic_variables"));
        }
        echo(call, answer, "metadata");
    }

    private static ObjectNode registered(String agentId, String direction, String fromNumber, String toNumber) {
        return RetellSandbox.JSON.createObjectNode()
                .put("call_id", "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 27))
                .put("call_type", "phone_call")
                .put("agent_id", agentId)
                .put("agent_version", 1)
                .put("agent_name", "Sandbox agent")
                .put("call_status", "registered")
                .put("direction", direction)
                .put("from_number", fromNumber)
                .put("to_number", toNumber)
                .put("data_storage_setting", "everything")
                .put("opt_in_signed_url", false);
    }

    private static ObjectNode echo(ObjectNode call, JsonNode from, String... fields) {
        for (String field : fields) {
            if (from.has(field)) {
                call.set(field, from.get(field));
            }
        }
        return call;
    }

    /** The other side has picked up. */
    static void connect(ObjectNode call, long now) {
        call.put("call_status", "ongoing").put("start_timestamp", now);
        call.putObject("telephony_identifier")
                .put("twilio_call_sid", "CA" + UUID.randomUUID().toString().replace("-", ""));
    }

    /** The call is over, or the attempt to connect it has failed. */
    static void end(ObjectNode call, Script script, long now) {
        call.put("call_status", script.course.finalStatus).put("disconnection_reason", script.disconnectionReason);
        if (call.has("start_timestamp")) {
            long duration = now - call.get("start_timestamp").asLong();
            call.put("end_timestamp", now).put("duration_ms", duration);
            transcribe(call, script.conversation, duration);
            if (script == Script.TRANSFER) {
                call.put("transfer_destination", "+12065550199").put("transfer_end_timestamp", now);
            }
            call.put("recording_url", "https://recordings.example.com/" + call.get("call_id").asText() + ".wav");
            charge(call, duration);
        } else if (script == Script.NO_ANSWER) {
            // Retell does not document which of these fields a call has that never connected, and its own examples
            // differ. So the scripts differ too: all of them, one of them, none.
            call.put("start_timestamp", now).put("end_timestamp", now).put("duration_ms", 0).put("transcript", "");
            call.putArray("transcript_object");
            call.putArray("transcript_with_tool_calls");
        } else if (script == Script.BUSY) {
            call.put("end_timestamp", now);
        }
    }

    private static void transcribe(ObjectNode call, Conversation conversation, long durationMs) {
        String customer = call.path("retell_llm_dynamic_variables").path("customer_name").asText("there");
        List<String> lines = conversation.lines.stream().map(l -> l.replace("{customer_name}", customer)).toList();
        long words = lines.stream().mapToLong(line -> line.split(" ").length - 1L).sum();
        // The words share the length of the call evenly, whatever the time scale made of it.
        double perWord = durationMs / 1000.0 / words;
        ArrayNode utterances = RetellSandbox.JSON.createArrayNode();
        int position = 0;
        for (String line : lines) {
            String content = line.substring(line.indexOf(": ") + 2);
            ObjectNode utterance = utterances.addObject()
                    .put("role", line.startsWith("Agent: ") ? "agent" : "user")
                    .put("content", content);
            ArrayNode spoken = utterance.putArray("words");
            for (String word : content.split(" ")) {
                spoken.addObject().put("word", word)
                        .put("start", seconds(position * perWord)).put("end", seconds((position + 0.9) * perWord));
                position++;
            }
        }
        call.put("transcript", String.join("\n", lines) + "\n");
        call.set("transcript_object", utterances);
        call.set("transcript_with_tool_calls", utterances);
    }

    private static BigDecimal seconds(double value) {
        return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    }

    private static void charge(ObjectNode call, long durationMs) {
        long seconds = (durationMs + 999) / 1000;
        ObjectNode cost = call.putObject("call_cost");
        ArrayNode products = cost.putArray("product_costs");
        for (Price price : PRICES) {
            products.addObject().put("product", price.product).put("unit_price", price.perSecond)
                    .put("cost", cents(price.perSecond, seconds));
        }
        BigDecimal perSecond = PRICES.stream().map(Price::perSecond).reduce(BigDecimal.ZERO, BigDecimal::add);
        cost.put("total_duration_seconds", seconds).put("total_duration_unit_price", perSecond)
                .put("combined_cost", cents(perSecond, seconds));
    }

    private static BigDecimal cents(BigDecimal perSecond, long seconds) {
        return perSecond.multiply(BigDecimal.valueOf(seconds)).setScale(2, RoundingMode.HALF_UP);
    }

    /** Retell has looked at the call. */
    static void analyze(ObjectNode call, Conversation conversation) {
        ObjectNode analysis = call.putObject("call_analysis")
                .put("call_summary", conversation.summary)
                .put("in_voicemail", conversation.inVoicemail)
                .put("user_sentiment", conversation.sentiment)
                .put("call_successful", conversation.successful);
        if (conversation.outcome != null) {
            analysis.putObject("custom_analysis_data")
                    .put("outcome", conversation.outcome)
                    .put("opt_out", conversation == Conversation.OPTED_OUT);
        }
    }
}
