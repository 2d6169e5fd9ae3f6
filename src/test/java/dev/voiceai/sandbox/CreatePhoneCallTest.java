package dev.voiceai.sandbox;

import static dev.voiceai.sandbox.RetellClient.newRequestId;
import static dev.voiceai.sandbox.RetellClient.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What create-phone-call answers, and the limits of an account. */
class CreatePhoneCallTest {
    @TempDir
    private Path dataDir;
    private SandboxSettings settings;
    private RetellSandbox sandbox;
    private RetellClient retell;

    @BeforeEach
    void start() {
        settings = SandboxSettings.of(dataDir, RetellClient.KEY, null).withTimeScale(0.02);
        sandbox = RetellSandbox.start(settings);
        retell = new RetellClient(sandbox.baseUri());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void restart(SandboxSettings changed) {
        sandbox.close();
        sandbox = RetellSandbox.start(changed);
        retell = new RetellClient(sandbox.baseUri());
    }

    @Test
    void theAnswerHasTheFieldsOfRetellsOwnExample() throws IOException {
        RetellClient.Answer answer = retell.create(sample("create-phone-call.request.json"));
        ObjectNode expected = sample("create-phone-call.response.201.json").deepCopy();
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.callId()).matches("call_[0-9a-f]{27}");
        // An agent's tag and name are the agent's own; the identifier is new.
        expected.remove("agent_tag");
        expected.put("agent_name", "Sandbox agent").put("call_id", answer.callId());
        assertThat(answer.json()).isEqualTo(expected);
    }

    @Test
    void metadataIsEchoedDigitForDigit() throws IOException {
        ObjectNode request = RetellClient.call(Script.SUCCESS.number, newRequestId());
        ((ObjectNode) request.get("metadata")).set("nested",
                RetellSandbox.JSON.readTree("{\"price\":1.50,\"big\":12345678901234567890,\"list\":[null,true]}"));
        String callId = retell.create(request).callId();
        assertThat(retell.get("/v2/get-call/" + callId).json().path("metadata").toString())
                .isEqualTo(request.get("metadata").toString());
    }

    @Test
    void metadataAndVariablesAreLeftOutWhenNotSet() throws IOException {
        JsonNode call = retell.post("/v2/create-phone-call", """
                {"from_number":"+14155550100","to_number":"+12065550100"}""").json();
        assertThat(call.fieldNames()).toIterable()
                .doesNotContain("metadata", "retell_llm_dynamic_variables", "custom_sip_headers");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "no json", "[]", "{}", "{} {}", "{\"from_number\":\"+14155550100\"}", "{\"to_number\":\"+12065550100\"}",
        "{\"from_number\":\"+14155550100\",\"to_number\":\"2065550100\"}",
        "{\"from_number\":\"+14155550100\",\"to_number\":12065550100}",
        "{\"from_number\":\"\",\"to_number\":\"+12065550100\"}",
        "{\"from_number\":\"+14155550100\",\"to_number\":\"+12065550100\",\"metadata\":\"x\"}",
        "{\"from_number\":\"+14155550100\",\"to_number\":\"+12065550100\",\"override_agent_id\":1}",
        "{\"from_number\":\"+14155550100\",\"to_number\":\"+12065550100\",\"override_agent_version\":1.5}",
        "{\"from_number\":\"+14155550100\",\"to_number\":\"+12065550100\",\"agent_override\":[]}",
        "{\"from_number\":\"+14155550100\",\"to_number\":\"+12065550100\",\"retell_llm_dynamic_variables\":{\"n\":1}}",
        "{\"from_number\":\"+14155550100\",\"to_number\":\"+12065550100\",\"custom_sip_headers\":{\"From\":\"x\"}}",
        "{\"from_number\":\"+14155550100\",\"to_number\":\"+12065550100\","
                + "\"retell_llm_dynamic_variables\":{\"sandbox_script\":\"no_such_script\"}}"})
    void aMalformedRequestIs400AndPlacesNothing(String body) throws IOException {
        RetellClient.Answer answer = retell.post("/v2/create-phone-call", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json()).isEqualTo(sample("error.400.json"));
        assertThat(retell.list("{}").json()).isEqualTo(sample("list-calls.v3.response.none.json"));
    }

    @Test
    void aNumberThatIsNotE164PassesWhenTheCallerSaysSo() throws IOException {
        assertThat(retell.post("/v2/create-phone-call", """
                {"from_number":"100","to_number":"200","ignore_e164_validation":true}""").status()).isEqualTo(201);
    }

    @Test
    void everyEndpointAsksForAKnownKey() throws IOException {
        String key = RetellClient.KEY;
        for (String authorization : new String[] {null, "", key, "Bearer other", "Basic " + key}) {
            RetellClient stranger = new RetellClient(sandbox.baseUri(), authorization);
            for (RetellClient.Answer answer : List.of(stranger.dial(Script.SUCCESS, newRequestId()),
                    stranger.get("/v2/get-call/call_1"), stranger.list("{}"), stranger.post("/v2/stop-call/call_1", ""),
                    stranger.get("/get-concurrency"), stranger.get("/sandbox/calls"))) {
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.json()).isEqualTo(sample("error.401.json"));
            }
        }
        assertThat(retell.list("{}").json().path("items")).isEmpty();
    }

    @Test
    void anUnknownPathOrMethodIs404() throws IOException {
        for (RetellClient.Answer answer : List.of(retell.get("/v2/create-phone-call"), retell.get("/"),
                retell.post("/v2/list-calls", "{}"), retell.get("/v2/get-call/a/b"))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().path("status").asText()).isEqualTo("error");
        }
    }

    @Test
    void anUnknownCallIs422() throws IOException {
        RetellClient.Answer answer = retell.get("/v2/get-call/call_unknown");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json()).isEqualTo(sample("error.422.json"));
    }

    @Test
    void aNumberOrAgentOutsideTheAccountIs422() throws IOException {
        restart(settings.withKnown(Set.of(RetellClient.FROM), Set.of("agent_1")));
        ObjectNode request = RetellClient.call(Script.SUCCESS.number, newRequestId());
        assertThat(retell.create(request).status()).isEqualTo(201);
        assertThat(retell.create(request.deepCopy().put("override_agent_id", "agent_1")).status()).isEqualTo(201);
        assertThat(retell.create(request.deepCopy().put("override_agent_id", "agent_2")).json())
                .isEqualTo(sample("error.422.json"));
        assertThat(retell.create(request.deepCopy().put("from_number", "+14155550199")).status()).isEqualTo(422);
    }

    @Test
    void noMoreCallsRunAtOneTimeThanTheAccountAllows() throws IOException {
        restart(settings.withLimits(2, 100));
        String first = retell.dial(Script.LONG, newRequestId()).callId();
        assertThat(retell.dial(Script.LONG, newRequestId()).status()).isEqualTo(201);
        assertThat(retell.get("/get-concurrency").json().path("current_concurrency").asInt()).isEqualTo(2);

        String refused = newRequestId();
        RetellClient.Answer answer = retell.dial(Script.SUCCESS, refused);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.json()).isEqualTo(sample("error.429.json"));
        assertThat(retell.find(refused)).isEmpty();

        await().until(() -> retell.post("/v2/stop-call/" + first, "").status() == 204);
        await().until(() -> retell.dial(Script.SUCCESS, refused).status() == 201);
    }

    @Test
    void noMoreCallsArePlacedInASecondThanTheAccountAllows() throws Exception {
        restart(settings.withLimits(100, 3));
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Callable<Integer>> dials = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            dials.add(() -> retell.dial(Script.SUCCESS, newRequestId()).status());
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> dial : callers.invokeAll(dials)) {
            statuses.add(dial.get());
        }
        callers.shutdown();
        assertThat(statuses).containsOnly(201, 429);
        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(3);
        await().until(() -> retell.dial(Script.SUCCESS, newRequestId()).status() == 201);
    }

    @Test
    void concurrencyHasTheFieldsOfRetellsOwnExample() throws IOException {
        JsonNode answer = retell.get("/get-concurrency").json();
        assertThat(answer.fieldNames()).toIterable()
                .containsExactlyElementsOf(() -> sample("get-concurrency.response.json").fieldNames());
        assertThat(answer.path("concurrency_limit").asInt()).isEqualTo(20);
        assertThat(answer.path("current_concurrency").asInt()).isZero();
    }
}
