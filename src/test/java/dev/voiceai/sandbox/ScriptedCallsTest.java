package dev.voiceai.sandbox;

import static dev.voiceai.sandbox.RetellClient.newRequestId;
import static dev.voiceai.sandbox.RetellClient.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each script, from the dial to its last webhook. */
class ScriptedCallsTest {
    private static final String[] IN_ORDER = {"call_started", "call_ended", "call_analyzed"};
    private static final String[] NOT_CONNECTED = {"call_ended", "call_analyzed"};

    @TempDir
    private static Path dataDir;
    private static WebhookReceiver receiver;
    private static RetellSandbox sandbox;
    private static RetellClient retell;

    private final String requestId = newRequestId();

    @BeforeAll
    static void start() {
        receiver = new WebhookReceiver();
        sandbox = RetellSandbox.start(SandboxSettings.of(dataDir, RetellClient.KEY, receiver::url)
                .withKeys(Set.of(RetellClient.KEY), WebhookReceiver.KEY).withLimits(1000, 1000).withTimeScale(0.1));
        retell = new RetellClient(sandbox.baseUri());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
        receiver.close();
    }

    @Test
    void successIsStartedEndedAndAnalyzed() throws IOException {
        assertPlaced(retell.dial(Script.SUCCESS, requestId));
        JsonNode call = finished("agent_hangup", "ended", IN_ORDER);
        assertThat(call.at("/call_analysis/call_successful").asBoolean()).isTrue();
        assertThat(call.path("transcript").asText()).startsWith("Agent: Hi there, this is").endsWith("Goodbye.\n");
        assertThat(call.path("end_timestamp").asLong() - call.path("start_timestamp").asLong())
                .isEqualTo(call.path("duration_ms").asLong()).isPositive();
        assertThat(call.at("/call_cost/combined_cost").decimalValue()).isPositive();
    }

    @Test
    void everyEventHasTheFieldsOfRetellsOwnExamples() throws IOException {
        ObjectNode request = sample("create-phone-call.request.json").deepCopy();
        ((ObjectNode) request.get("metadata")).put("request_id", requestId);
        retell.create(request);
        finished("agent_hangup", "ended", IN_ORDER);
        List<WebhookReceiver.Webhook> webhooks = receiver.of(requestId);
        // What a sandbox cannot have, and fields that only some agents and calls have.
        Set<String> optional = Set.of("agent_tag", "collected_dynamic_variables", "recording_multi_channel_url",
                "public_log_url", "latency", "llm_token_usage");
        assertSameFields(webhooks.get(0), "webhook.call_started.json", optional);
        assertSameFields(webhooks.get(1), "webhook.call_ended.success_agent_hangup.json", optional);
        assertSameFields(webhooks.get(2), "webhook.call_analyzed.success.json", optional);
        assertThat(webhooks.get(2).call().path("metadata").path("tenant").asText()).isEqualTo("acme-dental");
        assertThat(webhooks.get(2).call().path("transcript").asText()).startsWith("Agent: Hi Zoë Müller, ");
    }

    private static void assertSameFields(WebhookReceiver.Webhook webhook, String example, Set<String> optional) {
        JsonNode expected = sample(example).path("call");
        List<String> fields = new ArrayList<>();
        expected.fieldNames().forEachRemaining(fields::add);
        fields.removeAll(optional);
        // The request asked for SIP headers, the example's did not.
        fields.add("custom_sip_headers");
        assertThat(webhook.call().fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(fields);
        fields.remove("custom_sip_headers");
        assertThat(fields).allSatisfy(field ->
                assertThat(webhook.call().path(field).getNodeType()).isEqualTo(expected.path(field).getNodeType()));
    }

    @Test
    void voicemailIsACallThatEndedInAMailbox() throws IOException {
        assertPlaced(retell.dial(Script.VOICEMAIL, requestId));
        JsonNode call = finished("voicemail_reached", "ended", IN_ORDER);
        assertThat(call.at("/call_analysis/in_voicemail").asBoolean()).isTrue();
        assertThat(call.at("/call_analysis/call_successful").asBoolean()).isFalse();
    }

    @Test
    void noAnswerNeverStarts() throws IOException {
        assertNotConnected(Script.NO_ANSWER, "dial_no_answer", "not_connected", "webhook.call_ended.no_answer.json");
    }

    @Test
    void busyNeverStarts() throws IOException {
        assertNotConnected(Script.BUSY, "dial_busy", "not_connected", "webhook.call_ended.busy.json");
    }

    @Test
    void declinedNeverStarts() throws IOException {
        assertNotConnected(Script.DECLINED, "user_declined", "not_connected", "webhook.call_ended.dial_failed.json");
    }

    @Test
    void failedNeverStarts() throws IOException {
        assertNotConnected(Script.FAILED, "dial_failed", "not_connected", "webhook.call_ended.dial_failed.json");
    }

    @Test
    void invalidDestinationNeverStarts() throws IOException {
        assertNotConnected(Script.INVALID_DESTINATION, "invalid_destination", "not_connected",
                "webhook.call_ended.dial_failed.json");
    }

    @Test
    void concurrencyLimitIsReportedAfterTheCallWasAccepted() throws IOException {
        assertNotConnected(Script.CONCURRENCY_LIMIT, "concurrency_limit_reached", "error",
                "webhook.call_ended.error_concurrency.json");
    }

    private void assertNotConnected(Script script, String reason, String status, String example) throws IOException {
        assertPlaced(retell.dial(script, requestId));
        JsonNode call = finished(reason, status, NOT_CONNECTED);
        JsonNode expected = sample(example).path("call");
        for (String field : new String[] {"start_timestamp", "end_timestamp", "duration_ms", "transcript",
            "transcript_object", "transcript_with_tool_calls", "call_cost", "recording_url"}) {
            assertThat(call.has(field)).as(field).isEqualTo(expected.has(field));
        }
        assertThat(call.path("call_analysis"))
                .isEqualTo(sample("webhook.call_analyzed.no_answer.json").at("/call/call_analysis"));
    }

    @Test
    void lostAnswerPlacesTheCallAndDropsTheConnection() throws IOException {
        assertThatThrownBy(() -> retell.dial(Script.LOST_ANSWER, requestId)).isInstanceOf(IOException.class);
        assertThat(retell.find(requestId)).hasSize(1);
        finished("agent_hangup", "ended", IN_ORDER);
    }

    @Test
    void lostAnswerSilentCanOnlyBeFoundByListing() throws IOException {
        assertThatThrownBy(() -> retell.dial(Script.LOST_ANSWER_SILENT, requestId)).isInstanceOf(IOException.class);
        assertRunsWithoutWebhooks();
    }

    @Test
    void missingWebhooksLeaveTheCallToBeAskedFor() throws IOException {
        assertPlaced(retell.dial(Script.MISSING_WEBHOOKS, requestId));
        assertRunsWithoutWebhooks();
    }

    private void assertRunsWithoutWebhooks() throws IOException {
        await().until(() -> retell.find(requestId).path(0).has("call_analysis"));
        // A call dialed later has all its webhooks, so those of the silent one would have come.
        String later = newRequestId();
        retell.dial(Script.SUCCESS, later);
        await().until(() -> receiver.events(later).size() == 3);
        assertThat(receiver.events(requestId)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"RATE_LIMITED, 429", "AGENT_NOT_FOUND, 422", "PAYMENT_REQUIRED, 402"})
    void someAreRefusedOnceAndThenPlaced(Script script, int status) throws IOException {
        RetellClient.Answer refused = retell.dial(script, requestId);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.json()).isEqualTo(sample("error." + status + ".json"));
        assertThat(retell.find(requestId)).isEmpty();
        assertPlaced(retell.dial(script, requestId));
        finished("agent_hangup", "ended", IN_ORDER);
    }

    @Test
    void serverErrorPlacesNothing() throws IOException {
        assertRefused(Script.SERVER_ERROR, 500);
    }

    @Test
    void invalidRequestPlacesNothing() throws IOException {
        assertRefused(Script.INVALID_REQUEST, 400);
    }

    private void assertRefused(Script script, int status) throws IOException {
        RetellClient.Answer answer = retell.dial(script, requestId);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json()).isEqualTo(sample("error." + status + ".json"));
        assertThat(retell.find(requestId)).isEmpty();
    }

    @Test
    void serverErrorPlacedAnswers500AndCallsNevertheless() throws IOException {
        RetellClient.Answer answer = retell.dial(Script.SERVER_ERROR_PLACED, requestId);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.json()).isEqualTo(sample("error.500.json"));
        finished("agent_hangup", "ended", IN_ORDER);
    }

    @Test
    void duplicateWebhooksComeThreeTimesEach() throws IOException {
        assertPlaced(retell.dial(Script.DUPLICATE_WEBHOOKS, requestId));
        await().until(() -> receiver.events(requestId).size() == 9);
        assertThat(receiver.events(requestId)).containsExactly("call_started", "call_started", "call_started",
                "call_ended", "call_ended", "call_ended", "call_analyzed", "call_analyzed", "call_analyzed");
    }

    @Test
    void shuffledWebhooksComeInTheOppositeOrder() throws IOException {
        assertPlaced(retell.dial(Script.SHUFFLED_WEBHOOKS, requestId));
        await().until(() -> receiver.events(requestId).size() == 3);
        assertThat(receiver.events(requestId)).containsExactly("call_analyzed", "call_ended", "call_started");
        JsonNode started = receiver.of(requestId).get(2).call();
        assertThat(started.path("call_status").asText()).as("as it was then").isEqualTo("ongoing");
    }

    @Test
    void slowAnswerComesAfterAllWebhooks() throws IOException {
        assertPlaced(retell.dial(Script.SLOW_ANSWER, requestId));
        assertThat(retell.find(requestId).path(0).path("call_status").asText()).isEqualTo("ended");
        finished("agent_hangup", "ended", IN_ORDER);
    }

    @Test
    void optOutIsInTheCustomAnalysis() throws IOException {
        assertPlaced(retell.dial(Script.OPT_OUT, requestId));
        JsonNode call = finished("agent_hangup", "ended", IN_ORDER);
        assertThat(call.at("/call_analysis/custom_analysis_data/opt_out").isBoolean()).isTrue();
        assertThat(call.at("/call_analysis/custom_analysis_data/opt_out").asBoolean()).isTrue();
    }

    @Test
    void transferNamesItsDestination() throws IOException {
        assertPlaced(retell.dial(Script.TRANSFER, requestId));
        JsonNode call = finished("call_transfer", "ended", IN_ORDER);
        assertThat(call.path("transfer_destination").asText()).startsWith("+1");
    }

    @Test
    void longGoesOnUntilItIsStopped() throws IOException {
        String callId = retell.dial(Script.LONG, requestId).callId();
        await().until(() -> receiver.events(requestId).equals(List.of("call_started")));
        assertThat(retell.get("/v2/get-call/" + callId).json().path("call_status").asText()).isEqualTo("ongoing");
        assertThat(retell.post("/v2/stop-call/" + callId, "").status()).isEqualTo(204);
        JsonNode call = finished("manual_stopped", "ended", IN_ORDER);
        assertThat(call.path("call_id").asText()).isEqualTo(callId);

        RetellClient.Answer again = retell.post("/v2/stop-call/" + callId, "");
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.json()).isEqualTo(sample("error.422.json"));
    }

    @Test
    void hangupIsARefusal() throws IOException {
        assertPlaced(retell.dial(Script.HANGUP, requestId));
        JsonNode call = finished("user_hangup", "ended", IN_ORDER);
        assertThat(call.at("/call_analysis/user_sentiment").asText()).isEqualTo("Negative");
    }

    @Test
    void technicalErrorBreaksACallThatHadStarted() throws IOException {
        assertPlaced(retell.dial(Script.TECHNICAL_ERROR, requestId));
        finished("error_llm_websocket_lost_connection", "error", IN_ORDER);
    }

    @Test
    void newReasonEndsWithAReasonNobodyKnowsYet() throws IOException {
        assertPlaced(retell.dial(Script.NEW_REASON, requestId));
        finished("a_reason_of_the_future", "ended", IN_ORDER);
    }

    @Test
    void theDynamicVariableWinsOverTheNumber() throws IOException {
        ObjectNode request = RetellClient.call(Script.SUCCESS.number, requestId);
        request.putObject("retell_llm_dynamic_variables").put("sandbox_script", "busy");
        assertPlaced(retell.create(request));
        finished("dial_busy", "not_connected", NOT_CONNECTED);
    }

    @Test
    void everyDialIsCountedByRequestAndAttempt() throws IOException {
        retell.dial(Script.RATE_LIMITED, requestId);
        String callId = retell.dial(Script.RATE_LIMITED, requestId).callId();
        JsonNode posts = retell.get("/sandbox/calls?request_id=" + requestId).json().path("items");
        assertThat(posts).hasSize(2).allMatch(post -> post.path("attempt").asText().equals("1"));
        assertThat(posts.path(0).path("status").asInt()).isEqualTo(429);
        assertThat(posts.path(0).path("call_id").isNull()).isTrue();
        assertThat(posts.path(1).path("status").asInt()).isEqualTo(201);
        assertThat(posts.path(1).path("call_id").asText()).isEqualTo(callId);
    }

    private void assertPlaced(RetellClient.Answer answer) {
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().path("call_status").asText()).isEqualTo("registered");
        assertThat(answer.json().path("metadata").path("request_id").asText()).isEqualTo(requestId);
    }

    /** Waits for all events, and answers the call as get-call has it. */
    private JsonNode finished(String reason, String status, String... events) throws IOException {
        await().atMost(Duration.ofSeconds(15)).until(() -> receiver.events(requestId).size() >= events.length);
        assertThat(receiver.events(requestId)).containsExactly(events);
        assertThat(receiver.of(requestId)).allMatch(WebhookReceiver.Webhook::signed)
                .allMatch(webhook -> webhook.contentType().equals("application/json"));
        List<WebhookReceiver.Webhook> webhooks = receiver.of(requestId);
        JsonNode ended = webhooks.get(webhooks.size() - 2).call();
        JsonNode analyzed = webhooks.get(webhooks.size() - 1).call();
        assertThat(ended.has("call_analysis")).isFalse();
        ObjectNode withoutAnalysis = analyzed.deepCopy();
        withoutAnalysis.remove("call_analysis");
        assertThat((Object) withoutAnalysis).isEqualTo(ended);
        assertThat(analyzed.path("disconnection_reason").asText()).isEqualTo(reason);
        assertThat(analyzed.path("call_status").asText()).isEqualTo(status);
        assertThat(retell.get("/v2/get-call/" + analyzed.path("call_id").asText()).json()).isEqualTo(analyzed);
        return analyzed;
    }
}
