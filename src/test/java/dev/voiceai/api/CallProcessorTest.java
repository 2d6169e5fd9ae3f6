package dev.voiceai.api;

import static dev.voiceai.api.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

class CallProcessorTest {
    private static final String NUMBER = "+12065550100";

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @AfterEach
    void heal() {
        outside.healthy();
    }

    @Test
    void retellIsAskedForExactlyTheCallThatEngageWants() {
        var call = Client.JSON.createObjectNode()
                .put("to_number", NUMBER).put("from_number", "+14155550123").put("agent_id", "agent_x");
        call.putObject("dynamic_variables").put("customer_name", "Zoë");
        call.putObject("metadata").put("order", 17);

        var requestId = system.requestCall(call);
        outside.complete(requestId, 1);
        system.awaitFinal(requestId);

        var dial = outside.dials(requestId).get(0);
        assertThat(dial.json()).isEqualTo(json("""
                {"from_number": "+14155550123", "to_number": "+12065550100", "override_agent_id": "agent_x",
                 "metadata": {"order": 17, "request_id": "%s", "attempt": "1"},
                 "retell_llm_dynamic_variables": {"customer_name": "Zoë"}}""".formatted(requestId)));
        assertThat(dial.header("Authorization")).isEqualTo("Bearer key_of_retell");
        assertThat(dial.header("Connection")).isEqualTo("close");
        assertThat(dial.headers().keySet()).allMatch(name -> name.matches(
                "(?i)authorization|content-type|content-length|transfer-encoding|connection|host|accept-encoding|user-agent"));
    }

    @Test
    void aRepeatedOrStaleMessageNeverDialsAgain() {
        var requestId = system.requestCall(NUMBER);
        outside.complete(requestId, 1);
        system.awaitFinal(requestId);

        for (int attempt : new int[] {1, 1, 2, 7}) {
            send(requestId, attempt);
        }
        // What was sent after them has been dialed, so they have been read.
        var later = system.requestCall(NUMBER);
        outside.complete(later, 1);
        system.awaitFinal(later);

        assertThat(outside.dials(requestId)).hasSize(1);
        assertThat(system.call(requestId).get("attempts")).hasSize(1);
    }

    @Test
    void aRefusalEndsTheRequestWithItsReasonAndNoNumberInIt() {
        outside.retell.answer(request ->
                new Stub.Answer(400, "{\"status\": \"error\", \"message\": \"Cannot call +12065550100 with key_abc.\"}"));

        var requestId = system.requestCall(NUMBER);
        var call = system.awaitFinal(requestId);

        assertThat(call.get("outcome").asText()).isEqualTo("failed");
        assertThat(call.at("/reason/code").asText()).isEqualTo("invalid_request");
        assertThat(call.at("/reason/message").asText()).isEqualTo("Cannot call … with ….");
        assertThat(call.at("/attempts/0/refusal/code").asText()).isEqualTo("invalid_request");
        ContractSchemas.assertFits("Call", call);
        assertThat(outside.dials(requestId)).hasSize(1);
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("not_placed");
    }

    @Test
    void anAnswerThatProvesNothingIsNeverFollowedByASecondDial() {
        var answers = Map.of(
                "+12065550130", new Stub.Answer(500, "{\"status\": \"error\"}"),
                "+12065550131", new Stub.Answer(502, "<html><h1>Bad Gateway</h1></html>"),
                "+12065550132", new Stub.Answer(301, "moved"),
                "+12065550133", new Stub.Answer(201, "<html>"),
                "+12065550134", new Stub.Answer(201, "{\"call_id\": null}"),
                "+12065550135", Stub.Answer.of(0),
                "+12065550136", new Stub.Answer(403, "{\"status\": \"error\"}"),
                "+12065550137", new Stub.Answer(404, "{\"status\": \"error\"}"));
        var codes = Map.of("+12065550133", "unreadable_answer", "+12065550134", "unreadable_answer", "+12065550135", "no_answer_from_retell");
        outside.retell.answer(request -> request.path().equals("/v2/create-phone-call")
                ? answers.get(request.json().get("to_number").asText())
                : Outside.placed(request));
        var requests = answers.keySet().stream().collect(Collectors.toMap(number -> number, system::requestCall));

        requests.forEach((number, requestId) -> {
            var call = system.awaitState(requestId, "unknown");

            ContractSchemas.assertFits("Call", call);
            assertThat(call.at("/attempts/0/state").asText()).isEqualTo("unknown");
            assertThat(call.get("timeline")).as(number).anySatisfy(entry -> {
                assertThat(entry.path("state").asText()).isEqualTo("unknown");
                assertThat(entry.at("/reason/code").asText()).isEqualTo(codes.getOrDefault(number, "retell_error"));
            });
            assertThat(outside.dials(requestId)).hasSize(1);
            system.awaitEmptyOutbox(requestId);
            assertThat(outside.events(requestId)).containsExactly("unknown");
        });
    }

    @Test
    void anAnswerWithTheCallIdOfAnotherCallProvesNothing() {
        var first = system.requestCall(NUMBER);
        outside.complete(first, 1);
        system.awaitFinal(first);
        outside.retell.answer(request -> request.path().equals("/v2/create-phone-call")
                ? new Stub.Answer(201, "{\"call_id\": \"" + Outside.callId(first, 1) + "\"}")
                : Outside.placed(request));

        var second = system.requestCall(NUMBER);
        var call = system.awaitState(second, "unknown");

        assertThat(call.at("/attempts/0").has("call_id")).isFalse();
        assertThat(call.get("timeline")).anySatisfy(entry -> assertThat(entry.at("/reason/code").asText()).isEqualTo("call_id_in_use"));
        ContractSchemas.assertFits("Call", call);
        assertThat(outside.dials(second)).hasSize(1);
        assertThat(system.call(first).get("outcome").asText()).isEqualTo("completed");
    }

    @Test
    void aLargeAnswerIsReadWhole() {
        outside.retell.answer(request -> {
            var answer = Outside.placed(request);
            return new Stub.Answer(answer.status(), answer.body().replaceFirst("\\{", "{\"padding\": \"" + "x".repeat(200_000) + "\", "));
        });

        var requestId = system.requestCall(NUMBER);
        outside.complete(requestId, 1);

        assertThat(system.awaitFinal(requestId).at("/attempts/0/call_id").asText()).isEqualTo(Outside.callId(requestId, 1));
    }

    @Test
    void aWebhookThatOvertakesTheAnswerProvesTheDial() {
        outside.retell.hang();
        String requestId;
        try {
            requestId = system.requestCall(NUMBER);
            await().atMost(RunningSystem.PATIENCE).until(() -> outside.dials(requestId).size() == 1);
            system.postAsRetell("/webhooks/retell", Outside.webhook("call_started", Outside.call(requestId, 1)));
            await().atMost(RunningSystem.PATIENCE)
                    .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("in_progress"));
        } finally {
            outside.retell.goOn();
        }
        outside.complete(requestId, 1);
        system.awaitFinal(requestId);
        system.awaitEmptyOutbox(requestId);

        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
        assertThat(outside.dials(requestId)).hasSize(1);
    }

    @Test
    void anAnswerThatComesTooLateIsLookedUp() {
        outside.retell.hang();
        String requestId;
        try {
            requestId = system.requestCall(NUMBER);
            await().atMost(RunningSystem.PATIENCE)
                    .until(() -> system.call(requestId).at("/attempts/0/state").asText().equals("unknown"));
        } finally {
            outside.retell.answer(request -> request.path().equals("/v3/list-calls")
                    ? new Stub.Answer(200, "{\"items\": [" + Outside.call(requestIdIn(request), 1) + "], \"has_more\": false}")
                    : Outside.placed(request));
            outside.retell.goOn();
        }

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        assertThat(outside.dials(requestId)).hasSize(1);
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("initiated", "started", "completed");
    }

    private static String requestIdIn(Stub.Request lookUp) {
        return lookUp.json().at("/filter_criteria/metadata/0/value").asText();
    }

    @Test
    void callsAreDialedSideBySide() {
        outside.retell.hang();
        try {
            var first = system.requestCall(NUMBER);
            var second = system.requestCall("+12065550101");

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> outside.dials(first).size() == 1 && outside.dials(second).size() == 1);
        } finally {
            outside.retell.goOn();
        }
    }

    private void send(String requestId, int attempt) {
        system.bean(SqsClient.class).sendMessage(send -> send
                .queueUrl("queue:call-requests")
                .messageBody("{\"schema\": \"call-request/1\", \"request_id\": \"" + requestId + "\", \"attempt\": " + attempt + "}"));
    }
}
