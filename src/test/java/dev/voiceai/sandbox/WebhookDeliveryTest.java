package dev.voiceai.sandbox;

import static dev.voiceai.sandbox.RetellClient.newRequestId;
import static dev.voiceai.sandbox.RetellClient.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retell's retry policy, and the inbound webhook. */
class WebhookDeliveryTest {
    @TempDir
    private Path dataDir;
    private final WebhookReceiver receiver = new WebhookReceiver();
    private final String requestId = newRequestId();
    private RetellSandbox sandbox;

    @AfterEach
    void stop() {
        sandbox.close();
        receiver.close();
    }

    private SandboxSettings settings() {
        return SandboxSettings.of(dataDir, RetellClient.KEY, receiver::url)
                .withKeys(Set.of(RetellClient.KEY), WebhookReceiver.KEY).withTimeScale(0.02)
                .withWebhookRetries(List.of(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(20)),
                        Duration.ofMillis(500));
    }

    private RetellClient start(SandboxSettings settings) {
        sandbox = RetellSandbox.start(settings);
        return new RetellClient(sandbox.baseUri());
    }

    private List<WebhookReceiver.Webhook> received(String event) {
        return receiver.of(requestId).stream().filter(webhook -> webhook.event().equals(event)).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 500, 503})
    void anythingButA2xxIsTriedThreeTimesMoreAndSignedAnewEachTime(int status) throws IOException {
        receiver.answerStatus(webhook -> webhook.event().equals("call_ended") ? status : 200);
        start(settings()).dial(Script.SUCCESS, requestId);
        await().until(() -> received("call_ended").size() == 4 && !received("call_analyzed").isEmpty());
        // The next call's events come after the fifth try would have.
        String later = newRequestId();
        new RetellClient(sandbox.baseUri()).dial(Script.NO_ANSWER, later);
        await().until(() -> receiver.events(later).size() == 5);

        assertThat(received("call_ended")).hasSize(4).allMatch(WebhookReceiver.Webhook::signed);
        assertThat(received("call_ended").stream().map(WebhookReceiver.Webhook::signature)).doesNotHaveDuplicates();
        assertThat(received("call_ended").stream().map(WebhookReceiver.Webhook::json).distinct()).hasSize(1);
        assertThat(received("call_started")).hasSize(1);
        assertThat(received("call_analyzed")).as("is not held up for good").hasSize(1);
    }

    @Test
    void aReceiverThatTakesTooLongGetsTheEventAgain() throws IOException {
        receiver.answerStatus(webhook -> received("call_started").size() < 2 ? 0 : 200);
        start(settings()).dial(Script.SUCCESS, requestId);
        await().until(() -> received("call_started").size() == 2 && received("call_analyzed").size() == 1);
    }

    @Test
    void nothingIsTriedBeforeThereIsAnAddress() throws IOException {
        AtomicReference<URI> url = new AtomicReference<>();
        RetellClient retell = start(SandboxSettings.of(dataDir, RetellClient.KEY, url::get).withTimeScale(0.02)
                .withWebhookRetries(List.of(), Duration.ofSeconds(10)));
        retell.dial(Script.SUCCESS, requestId);
        await().until(() -> retell.find(requestId).path(0).has("call_analysis"));
        url.set(receiver.url());
        await().until(() -> receiver.events(requestId).equals(List.of("call_started", "call_ended", "call_analyzed")));
    }

    @Test
    void anInboundCallAsksFirstAndCarriesTheAnswer() throws IOException {
        receiver.answer(webhook -> new WebhookReceiver.Answer(200, webhook.event().equals("call_inbound")
                ? sample("inbound.response.accept.json").toString() : ""));
        RetellClient retell = start(settings().withInboundUrl(receiver::url));
        RetellClient.Answer answer = retell.post("/sandbox/inbound", """
                {"from_number":"+12065550142","to_number":"+14155550100"}""");
        assertThat(answer.status()).isEqualTo(201);
        await().until(() -> receiver.events("in-01J8ZKINBOUND").size() == 3);

        WebhookReceiver.Webhook question = receiver.all().get(0);
        assertThat(question.signed()).isTrue();
        JsonNode example = sample("inbound.request.json");
        assertThat(question.json().fieldNames()).toIterable().containsExactlyElementsOf(example::fieldNames);
        assertThat(question.json().at("/call_inbound/call_id").asText()).isEqualTo(answer.callId());
        assertThat(question.json().at("/call_inbound/from_number").asText()).isEqualTo("+12065550142");
        assertThat(receiver.of("in-01J8ZKINBOUND"))
                .allMatch(webhook -> webhook.call().path("direction").asText().equals("inbound"))
                .allMatch(webhook -> webhook.call().at("/retell_llm_dynamic_variables/customer_name").asText()
                        .equals("Zoë Müller"));
    }

    @Test
    void anInboundCallThatIsRejectedLeavesNothing() throws IOException {
        receiver.answer(webhook ->
                new WebhookReceiver.Answer(200, sample("inbound.response.reject.json").toString()));
        RetellClient retell = start(settings().withInboundUrl(receiver::url));
        RetellClient.Answer answer = retell.post("/sandbox/inbound", """
                {"from_number":"+12065550142","to_number":"+14155550100"}""");
        assertThat(answer.json().path("rejected").asBoolean()).isTrue();
        assertThat(retell.list("{}").json().path("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 204})
    void anInboundCallGoesOnWithoutAUsableAnswer(int status) throws IOException {
        receiver.answerStatus(webhook -> webhook.event().equals("call_inbound") ? status : 204);
        RetellClient retell = start(settings().withInboundUrl(receiver::url));
        assertThat(retell.post("/sandbox/inbound", """
                {"from_number":"+12065550142","to_number":"+14155550100"}""").status()).isEqualTo(201);
        assertThat(receiver.all().stream().filter(webhook -> webhook.event().equals("call_inbound"))).hasSize(4);
    }
}
