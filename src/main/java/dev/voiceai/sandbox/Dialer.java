package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Places calls: decides what create-phone-call answers, and lets calls come in. */
final class Dialer {
    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
    private static final long SECOND_NS = 1_000_000_000;

    private final SandboxSettings settings;
    private final CallStore store;
    private final CallRunner runner;
    /** When the calls of the last second were placed, by {@link System#nanoTime}. */
    private final Deque<Long> placed = new ArrayDeque<>();

    Dialer(SandboxSettings settings, CallStore store, CallRunner runner) {
        this.settings = settings;
        this.store = store;
        this.runner = runner;
    }

    /** Answers create-phone-call. One at a time, so that the limits are exact; call and answer are one transaction. */
    synchronized Reply create(CallRequest request) {
        String requestId = request.requestId();
        String repeatKey = requestId == null ? request.toNumber() : requestId;
        Script script = request.script();
        Reply reply = store.inTransaction(() -> {
            int refused = refusal(request, script, repeatKey);
            ObjectNode call = null;
            Reply answer;
            if (refused == 0 && script.answer.placesCall) {
                call = CallObject.registered(request);
                answer = answer(script, call);
                runner.place(call, script, requestId);
            } else {
                answer = Reply.of(refused, Refusal.body(refused));
            }
            store.record(repeatKey, new CallStore.Post(requestId, request.attempt(), answer.status(),
                    call == null ? null : call.get("call_id").asText()));
            return answer;
        });
        if (script.answer.placesCall) {
            runner.wake();
        }
        return reply;
    }

    /** The status of the refusal, 0 when the call may be placed. */
    private int refusal(CallRequest request, Script script, String repeatKey) {
        String agentId = request.body().path("override_agent_id").asText(null);
        boolean unknown = !settings.fromNumbers().isEmpty() && !settings.fromNumbers().contains(request.fromNumber())
                || agentId != null && !settings.agentIds().isEmpty() && !settings.agentIds().contains(agentId);
        int byScript = switch (script.answer) {
            case INVALID -> 400;
            case ERROR -> 500;
            case THROTTLED_ONCE -> store.hasPost(repeatKey) ? 0 : 429;
            case NOT_FOUND_ONCE -> store.hasPost(repeatKey) ? 0 : 422;
            case UNPAID_ONCE -> store.hasPost(repeatKey) ? 0 : 402;
            default -> 0;
        };
        if (unknown || byScript != 0) {
            return unknown ? 422 : byScript;
        }
        long now = System.nanoTime();
        placed.removeIf(at -> now - at >= SECOND_NS);
        if (placed.size() >= settings.callsPerSecond() || store.concurrency() >= settings.concurrency()) {
            LOG.info("A call was refused: {} of {} in this second, {} of {} at one time", placed.size(),
                    settings.callsPerSecond(), store.concurrency(), settings.concurrency());
            return 429;
        }
        placed.add(now);
        return 0;
    }

    private Reply answer(Script script, ObjectNode call) {
        return switch (script.answer) {
            case DROPPED -> Reply.dropped();
            case ERROR_BUT_PLACED -> Reply.of(500, Refusal.body(500));
            case CREATED_LATE -> Reply.of(201, call).after(runner.scaled(Script.LATE_ANSWER_MS));
            default -> Reply.of(201, call);
        };
    }

    /** Hangs up on a call that is ongoing. */
    Reply stop(String callId) {
        if (!runner.stop(callId)) {
            throw Refusal.notFound("the call is not ongoing");
        }
        return Reply.of(204, null);
    }

    /**
     * Lets somebody call {@code to_number}: the inbound webhook is asked first and may refuse; else the call runs by
     * the script of the caller's number or of the dynamic variable in the webhook's answer.
     */
    Reply inbound(JsonNode request) throws IOException, InterruptedException {
        String caller = number(request, "from_number");
        ObjectNode call = CallObject.inbound(caller, number(request, "to_number"));
        URI url = settings.inboundUrl() == null ? null : settings.inboundUrl().get();
        if (url != null) {
            ObjectNode question = RetellSandbox.JSON.createObjectNode().put("event", "call_inbound")
                    .put("event_timestamp", System.currentTimeMillis());
            ObjectNode asked = question.putObject("call_inbound");
            for (String field : new String[] {"call_id", "agent_id", "agent_version", "from_number", "to_number"}) {
                asked.set(field, call.get(field));
            }
            JsonNode answer = runner.webhooks().ask(url, question).orElse(RetellSandbox.JSON.createObjectNode());
            if (answer.path("reject").isBoolean() && answer.path("reject").asBoolean()) {
                return Reply.of(200, RetellSandbox.JSON.createObjectNode().put("rejected", true));
            }
            CallObject.accept(call, answer);
        }
        Script script = CallRequest.script(call.path("retell_llm_dynamic_variables"), caller);
        store.inTransaction(() -> {
            runner.place(call, script, call.path("metadata").path("request_id").asText(null));
            return null;
        });
        runner.wake();
        return Reply.of(201, call);
    }

    private static String number(JsonNode request, String field) {
        String number = request.path(field).asText();
        if (!CallRequest.E164.matcher(number).matches()) {
            throw Refusal.badRequest(field + " is not an E.164 number");
        }
        return number;
    }
}
