package dev.voiceai.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What Retell has to tell of all calls, drawn from a seed and then fixed to the byte, so that all runs are told the same:
 * every way to end that {@code outcomes.json} knows, calls that nobody asked for, events without business here, events
 * without metadata, transcripts too long for the queue, opt-outs, and analyses that are run again.
 *
 * @param calls the events of each call in Retell's order; first the calls that we placed
 */
record EventScript(List<List<Told>> calls) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OUR_NUMBER = "+14155550100";
    private static final String ANOTHER_AGENT = "agent_of_somebody_else";
    /** Escaped for the queue it has more than a MiB, and less than the ledger takes. */
    private static final String LONG_TRANSCRIPT = "é".repeat(180_000);

    // https://docs.retellai.com/reliability/debug-call-disconnect
    private static final Set<String> NOT_CONNECTED = Set.of(
            "dial_no_answer", "dial_busy", "user_declined", "dial_failed", "invalid_destination", "marked_as_spam",
            "telephony_provider_permission_denied", "telephony_provider_unavailable", "sip_routing_error");
    private static final Set<String> ERROR_BEFORE_THE_CALL = Set.of(
            "concurrency_limit_reached", "no_valid_payment", "scam_detected", "registered_call_timeout",
            "error_llm_websocket_open", "error_user_not_joined");
    /** May end a conversation, though the table can't say that there was one. */
    private static final Set<String> ERROR_IN_THE_CALL = Set.of(
            "error_llm_websocket_lost_connection", "error_llm_websocket_runtime", "error_llm_websocket_corrupt_payload",
            "error_no_audio_received", "error_asr", "error_retell", "error_unknown");
    private static final Set<String> STOPPED = Set.of("manual_stopped", "*");

    /**
     * One webhook.
     *
     * @param call Retell's call object from then on
     * @param again whether it is the analysis of a call that was analyzed before
     */
    record Told(String callId, String event, ObjectNode call, String body, boolean again) {
        /** What the processor tells repeats by. */
        String key() {
            return callId + "/" + event;
        }

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** A way to end: a row of outcomes.json. */
    private record Ending(String reason, String analysis, boolean connected) {}

    /**
     * @param placed Retell's answers to our dials
     * @param foreign how many calls there are beside them
     * @param longOnes how many of ours have a transcript that is too long for the queue
     * @param base when all calls are over
     */
    static EventScript draw(long seed, List<ObjectNode> placed, int foreign, int longOnes, Instant base) {
        var random = new Random(seed);
        var endings = endings();
        Collections.shuffle(endings, random);
        var calls = new ArrayList<List<Told>>();
        for (ObjectNode call : placed) {
            var ending = endings.get(calls.size() % endings.size());
            var life = new Life(calls.size(), call.deepCopy(), ending, random, base);
            life.longTranscript = ending.connected() && longOnes > calls.stream().filter(EventScript::isLong).count();
            if (random.nextInt(10) == 0) {
                life.call.remove("metadata");
            }
            calls.add(life.told());
        }
        for (int i = 0; i < foreign; i++) {
            var call = foreignCall(random, i, placed.get(0).path("agent_id").asText());
            // Who calls in is connected.
            var possible = call.path("direction").asText().equals("inbound") ? endings.stream().filter(Ending::connected).toList() : endings;
            var ending = possible.get(random.nextInt(possible.size()));
            calls.add(new Life(i, call, ending, random, base).told());
        }
        return new EventScript(calls);
    }

    private static List<Ending> endings() {
        try {
            var rows = JSON.readTree(Path.of("routes/outcomes.json").toFile()).path("rows");
            return StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> new Ending(
                            row.path("disconnection_reason").asText(),
                            row.path("analysis").asText(),
                            row.path("connected").asText().equals("always")))
                    .collect(Collectors.toCollection(ArrayList::new));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Somebody calls in, or a colleague dials from Retell's dashboard, or with another system's metadata. */
    private static ObjectNode foreignCall(Random random, int no, String ourAgent) {
        var person = "+1206556" + (1000 + no);
        boolean inbound = no % 3 < 2;
        var call = JSON.createObjectNode()
                .put("call_id", "call_%016x%08x".formatted(random.nextLong(), 0x7f000000 + no))
                .put("call_type", "phone_call")
                .put("agent_id", inbound ? ourAgent : ANOTHER_AGENT)
                .put("agent_version", 3)
                .put("call_status", "registered")
                .put("direction", inbound ? "inbound" : "outbound")
                .put("from_number", inbound ? person : OUR_NUMBER)
                .put("to_number", inbound ? OUR_NUMBER : person);
        if (no % 6 == 5) {
            call.putObject("metadata").put("request_id", "of another system " + no).put("attempt", "1");
        }
        return call;
    }

    int events() {
        return calls.stream().mapToInt(List::size).sum();
    }

    List<Told> all() {
        return calls.stream().flatMap(List::stream).toList();
    }

    /** How many activity events a call has after it was placed. */
    int activityEvents() {
        return calls.stream().mapToInt(call -> isStarted(call) ? 2 : 1).sum();
    }

    static boolean isOfAnotherAgent(List<Told> call) {
        return call.get(0).call().path("agent_id").asText().equals(ANOTHER_AGENT);
    }

    private static boolean isStarted(List<Told> call) {
        return call.get(0).event().equals("call_started");
    }

    private static boolean isLong(List<Told> call) {
        return call.get(call.size() - 1).body().length() > LONG_TRANSCRIPT.length();
    }

    /** One call, told as it goes on. */
    private static final class Life {
        private final int no;
        private final ObjectNode call;
        private final Ending ending;
        private final Random random;
        private final long startedAt;
        private final List<Told> told = new ArrayList<>();
        private boolean longTranscript;

        Life(int no, ObjectNode call, Ending ending, Random random, Instant base) {
            this.no = no;
            this.call = call;
            this.ending = ending;
            this.random = random;
            this.startedAt = base.toEpochMilli() - 30_000 + random.nextInt(15_000);
        }

        List<Told> told() {
            call.put("agent_name", "Appointments").put("agent_tag", "prod");
            boolean started = ending.connected()
                    || (ERROR_IN_THE_CALL.contains(ending.reason()) || STOPPED.contains(ending.reason())) && random.nextBoolean();
            if (started) {
                call.put("call_status", "ongoing").put("start_timestamp", startedAt);
                tell("call_started");
                talk();
            }
            end(started);
            tell("call_ended");
            analyze(started);
            tell("call_analyzed");
            if (started && !longTranscript && no % 6 == 2) {
                analyzeAgain();
            }
            return told;
        }

        private void talk() {
            int kind = random.nextInt(8);
            if (kind < 2) {
                for (int i = 0; i < 2; i++) {
                    var event = event("transcript_updated");
                    event.putArray("transcript_with_tool_calls").addObject().put("role", "agent").put("content", "Hello " + i);
                    tell("transcript_updated", event, false);
                }
            } else if (kind == 2) {
                for (String step : List.of("transfer_started", random.nextBoolean() ? "transfer_bridged" : "transfer_cancelled")) {
                    var event = event(step);
                    event.putObject("transfer_destination").put("number", "+12065550199");
                    event.putObject("transfer_option").put("type", "warm_transfer");
                    tell(step, event, false);
                }
            } else if (kind == 3) {
                tell("call_of_a_kind_that_nobody_knows_yet");
            }
        }

        private void end(boolean started) {
            var reason = ending.reason().equals("*") ? "abducted_by_aliens" : ending.reason();
            boolean rang = NOT_CONNECTED.contains(reason);
            call.put("disconnection_reason", reason);
            call.put("call_status", rang ? "not_connected"
                    : ERROR_BEFORE_THE_CALL.contains(reason) || ERROR_IN_THE_CALL.contains(reason) ? "error" : "ended");
            if (started) {
                long duration = 1_000 + random.nextInt(10_000);
                call.put("end_timestamp", startedAt + duration).put("duration_ms", duration);
                var text = "Agent: Hello.\nUser: Zoë \"speaking\".\n";
                call.put("transcript", longTranscript ? LONG_TRANSCRIPT : text + random.nextInt(1_000_000));
                call.putArray("transcript_object").addObject().put("role", "agent").put("content", "Hello.");
                call.put("recording_url", "https://recordings.example/" + random.nextInt(1_000_000) + ".wav");
                call.putObject("call_cost").put("combined_cost", random.nextInt(10_000) / 100.0).put("total_duration_seconds", duration / 1_000);
            } else if (rang && random.nextBoolean()) {
                // Retell's samples have both shapes.
                call.put("start_timestamp", startedAt).put("end_timestamp", startedAt + 20_000).put("duration_ms", 0);
                call.put("transcript", "");
            }
        }

        private void analyze(boolean started) {
            boolean successful = switch (ending.analysis()) {
                case "successful" -> true;
                case "unsuccessful" -> false;
                default -> started && random.nextBoolean();
            };
            var analysis = call.putObject("call_analysis")
                    .put("call_summary", started ? "They talked about " + random.nextInt(1_000_000) + "." : "")
                    .put("in_voicemail", ending.analysis().equals("voicemail"))
                    .put("user_sentiment", started ? "Positive" : "Unknown")
                    .put("call_successful", successful);
            if (started) {
                analysis.putObject("custom_analysis_data")
                        .put("appointment", random.nextInt(28) + " December")
                        .put("opt_out", no % 8 == 1);
            }
        }

        /** The same call, the same success, other words. */
        private void analyzeAgain() {
            var analysis = (ObjectNode) call.get("call_analysis");
            analysis.put("call_summary", "Heard once more, it was about " + random.nextInt(1_000_000) + ".").put("user_sentiment", "Neutral");
            ((ObjectNode) analysis.get("custom_analysis_data")).put("appointment", "none");
            tell("call_analyzed", event("call_analyzed"), true);
        }

        private ObjectNode event(String name) {
            var event = JSON.createObjectNode().put("event", name);
            event.set("call", call.deepCopy());
            return event;
        }

        private void tell(String name) {
            tell(name, event(name), false);
        }

        private void tell(String name, JsonNode event, boolean again) {
            told.add(new Told(call.path("call_id").asText(), name, call.deepCopy(), event.toString(), again));
        }
    }
}
