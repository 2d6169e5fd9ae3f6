package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voiceai.routes.RoutesCopy;
import dev.voiceai.system.HttpStub.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** An integrator copies the files of routes/examples into the routes folder of a system in which calls flow. */
class ExamplesTest {
    private static final String EXAMPLES = "routes/examples/";
    private static final String TASK = "task-promise-to-pay.camel.yaml";
    private static final String RULE = "outcome-rule-refused.camel.yaml";
    private static final String CHECK = "pre-dial-check-country.camel.yaml";
    private static final String SQS_SINK = "abt-sink-sqs.camel.yaml";
    private static final String BUS_SINK = "abt-sink-eventbridge.camel.yaml";
    private static final String SUCCESS = "+12065550100";
    private static final String REFUSED = "+12065550120";
    private static final List<String> EVENTS = List.of("initiated", "started", "completed");

    @TempDir
    static Path folder;

    private static RoutesCopy routes;
    private static ForeignSqs sqs;
    private static ForeignAbt collector;
    private static HttpStub eventBridge;
    /** The events that the bus took, in order. */
    private static final List<JsonNode> onBus = new CopyOnWriteArrayList<>();
    private static RunningSystem system;

    @BeforeAll
    static void start() throws IOException {
        routes = RoutesCopy.below(folder);
        sqs = new ForeignSqs();
        collector = new ForeignAbt();
        eventBridge = new HttpStub(ExamplesTest::take);
        system = RunningSystem.start(settings());
    }

    private static Map<String, String> settings() {
        var settings = new HashMap<>(sqs.settings());
        settings.putAll(Map.of("ROUTES_DIR", routes.folder().toString(), "abt.url", collector.url(),
                "abt.attempts-before-parking", "3", "AWS_ENDPOINT_URL_EVENTBRIDGE", eventBridge.url()));
        return settings;
    }

    @AfterAll
    static void stop() {
        system.close();
        eventBridge.close();
        collector.close();
        sqs.close();
    }

    /** So that each test shows that an example that is taken away again leaves the system as it was. */
    @AfterEach
    void takeTheExamplesAway() throws IOException {
        collector.acceptOnly(event -> true);
        eventBridge.answer(ExamplesTest::take);
        for (String example : List.of(TASK, RULE, CHECK, SQS_SINK, BUS_SINK, "schemas/task-promise-to-pay.json")) {
            Files.deleteIfExists(routes.folder().resolve(example));
        }
        routes.restore();
        awaitTaken();
        assertThat(system.awaitFinal(system.requestCall(SUCCESS)).get("outcome").asText()).isEqualTo("completed");
    }

    // --- A task type ---

    @Test
    void aTaskTypeKeepsItsFieldsAndSendsItsEventInTheOrderOfTheCall() throws IOException {
        var requestId = finishedCall(SUCCESS);
        var fields = "\"amount\": 120.5, \"currency\": \"USD\", \"pay_by\": \"2026-12-24\"}";
        var body = "{\"request_id\": \"" + requestId + "\", " + fields;
        assertThat(system.post("/api/v1/tasks/promise-to-pay", "business", body).statusCode()).isEqualTo(404);

        var flowing = system.requestCall(SUCCESS);
        add("schemas/task-promise-to-pay.json", TASK);
        var made = system.post("/api/v1/tasks/promise-to-pay", "business", body);

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        var task = RunningSystem.json(made);
        assertThat(task.get("state").asText()).isEqualTo("done");
        assertThat(task.get("fields")).isEqualTo(RunningSystem.json("{" + fields));
        assertThat(system.post("/api/v1/tasks/promise-to-pay", "business", body.replace("USD", "dollars")).statusCode())
                .isEqualTo(422);
        await().atMost(RunningSystem.PATIENCE).until(() -> collector.events(requestId).size() == 4);
        assertThat(RunningSystem.types(collector.events(requestId)))
                .containsExactly("initiated", "started", "completed", "promised_to_pay");
        assertThat(collector.events(requestId).get(3).at("/data/event_name").asText()).isEqualTo("Promised to pay");
        assertThat(system.awaitFinal(flowing).get("outcome").asText()).isEqualTo("completed");
    }

    // --- An outcome rule ---

    @Test
    void anOutcomeRuleReplacesTheOutcomeAndItsEvent() throws IOException {
        assertThat(system.call(finishedCall(REFUSED)).get("outcome").asText()).isEqualTo("completed");

        add(RULE);
        var refused = finishedCall(REFUSED);
        var other = finishedCall(SUCCESS);

        assertThat(system.call(refused).get("outcome").asText()).isEqualTo("failed");
        assertThat(system.call(refused).at("/attempts/0/outcome").asText()).isEqualTo("failed");
        await().atMost(RunningSystem.PATIENCE).until(() -> collector.events(refused).size() == 3);
        assertThat(RunningSystem.types(collector.events(refused))).containsExactly("initiated", "started", "failed");
        assertThat(system.call(other).get("outcome").asText()).isEqualTo("completed");
    }

    @Test
    void anOutcomeRuleThatCanNotBeAppliedLeavesTheOutcomeOfTheTable() throws IOException {
        add(RULE);
        change(RULE, ".call_analysis.custom_analysis_data.outcome == \"refused\"", ".duration_ms.seconds > 1");

        assertThat(system.call(finishedCall(REFUSED)).get("outcome").asText()).isEqualTo("completed");
    }

    // --- A pre-dial check ---

    @Test
    void aPreDialCheckRejectsWhatItsConditionAppliesTo() throws IOException {
        var abroad = call("+442071838750");
        assertThat(dryRun(abroad).get("decision").asText()).isEqualTo("dial");

        add(CHECK);
        var rejected = system.awaitFinal(system.requestCall(abroad));

        assertThat(rejected.get("state").asText()).isEqualTo("rejected");
        assertThat(rejected.get("reason")).isEqualTo(RunningSystem.json("{\"code\": \"not_eligible\", \"rule\": \"country\","
                + " \"message\": \"This campaign calls numbers that begin with +1 only.\"}"));
        assertThat(dryRun(abroad).get("reason")).isEqualTo(rejected.get("reason"));
        assertThat(system.dials(rejected.get("request_id").asText())).isEmpty();
        assertThat(system.awaitFinal(system.requestCall(call(SUCCESS))).get("outcome").asText()).isEqualTo("completed");
    }

    @Test
    void aPreDialCheckHoldsForAsLongAsItSays() throws IOException {
        add(CHECK);
        change(CHECK, "value: reject", "value: hold\n      - name: holdFor\n        value: PT2H");

        var held = system.awaitState(system.requestCall(call("+442071838750")), "held");

        assertThat(held.at("/reason/rule").asText()).isEqualTo("country");
        assertThat(Instant.parse(held.at("/reason/until").asText()))
                .isBetween(Instant.now().plus(Duration.ofMinutes(115)), Instant.now().plus(Duration.ofMinutes(121)));
        assertThat(system.delete("/api/v1/calls/" + held.get("request_id").asText(), "engage").statusCode()).isEqualTo(200);
    }

    @Test
    void aPreDialCheckThatCanNotBeMadeHoldsTheRequest() throws IOException {
        add(CHECK);
        change(CHECK, ".campaign == \"domestic\"", ".campaign.name == \"domestic\"");

        var held = system.awaitState(system.requestCall(call(SUCCESS)), "held");

        assertThat(held.at("/reason/rule").asText()).isEqualTo("country");
        assertThat(held.at("/reason/message").asText()).isEqualTo("A check could not be made.");
        assertThat(system.delete("/api/v1/calls/" + held.get("request_id").asText(), "engage").statusCode()).isEqualTo(200);
    }

    @Test
    void aChangedTemplateChangesTheRoutesThatAreMadeOfIt() throws IOException {
        add(CHECK);
        change("call-gate.camel.yaml", "; ${variable.check} ${variable.applies}", "; asked ${variable.check}");

        var requestId = finishedCall(SUCCESS);

        assertThat(system.call(requestId).get("timeline").findValuesAsText("detail"))
                .anyMatch(detail -> detail.contains("; asked country"));
        assertThat(report().get("takes_effect_at_restart")).extracting(JsonNode::asText).doesNotContain(CHECK, "call-gate.camel.yaml");
    }

    // --- Sinks ---

    @Test
    void anSqsSinkGetsEveryEventInOrderWhileTheCollectorIsDown() throws IOException {
        var before = finishedCall(SUCCESS);
        add(SQS_SINK);
        collector.acceptOnly(event -> false);
        var requestId = finishedCall(SUCCESS);

        var received = receive(requestId, 3);

        assertThat(received).extracting(message -> RunningSystem.json(message.body()).get("type").asText().replaceFirst(".*\\.", ""))
                .containsExactlyElementsOf(EVENTS);
        assertThat(received).allSatisfy(message -> {
            var event = RunningSystem.json(message.body());
            assertThat(message.messageAttributes().get("ce_id").stringValue()).isEqualTo(event.get("id").asText());
            assertThat(message.messageAttributes().get("ce_type").stringValue()).isEqualTo(event.get("type").asText());
        });
        assertThat(collector.events(requestId)).isEmpty();
        collector.acceptOnly(event -> true);
        await().atMost(RunningSystem.PATIENCE).until(() -> RunningSystem.types(collector.events(requestId)).equals(EVENTS));
        assertThat(rows(before, "abt-analytics")).as("an event from before the sink was there is not sent to it").isZero();
    }

    @Test
    void anEventBridgeSinkThatIsDownDelaysNoOtherAndLosesNothing() throws IOException {
        add(SQS_SINK, BUS_SINK);
        eventBridge.answer(request -> Answer.of(500));
        var requestId = finishedCall(SUCCESS);

        receive(requestId, 3);
        await().atMost(RunningSystem.PATIENCE).until(() -> RunningSystem.types(collector.events(requestId)).equals(EVENTS));
        assertThat(eventsOnBus(requestId)).isEmpty();

        eventBridge.answer(ExamplesTest::take);
        await().atMost(RunningSystem.PATIENCE).until(() -> RunningSystem.types(eventsOnBus(requestId)).equals(EVENTS));
    }

    @Test
    void anEventThatPutEventsHasNotTakenIsSentAgainThoughItAnswers200() throws IOException {
        add(BUS_SINK);
        var refusedOnce = new CopyOnWriteArrayList<String>();
        eventBridge.answer(request -> {
            String id = detail(request).get("id").asText();
            return refusedOnce.addIfAbsent(id) ? notTaken("InternalFailure") : take(request);
        });

        var requestId = finishedCall(SUCCESS);

        await().atMost(RunningSystem.PATIENCE).until(() -> RunningSystem.types(eventsOnBus(requestId)).equals(EVENTS));
        var entry = eventBridge.requests().get(eventBridge.requests().size() - 1).json().at("/Entries/0");
        assertThat(entry.get("EventBusName").asText()).isEqualTo("activity-events");
        assertThat(entry.get("Source").asText()).isEqualTo(RunningSystem.json(entry.get("Detail").asText()).get("source").asText());
        assertThat(entry.get("DetailType").asText()).startsWith("voice_ai.call.");
    }

    @Test
    void anEventThatTheBusRefusesForGoodIsParkedAndGoesOnInOrderWhenItIsRedriven() throws IOException {
        add(BUS_SINK);
        eventBridge.answer(request -> detail(request).get("type").asText().endsWith(".started")
                ? notTaken("MalformedDetail") : take(request));
        var requestId = finishedCall(SUCCESS);

        await().atMost(RunningSystem.PATIENCE).until(() -> deadLetters(requestId).size() == 1);
        assertThat(deadLetters(requestId).get(0).get("kind").asText()).isEqualTo("voice_ai.call.started");
        assertThat(deadLetters(requestId).get(0).get("error").asText()).isEqualTo("EventBridgeException MalformedDetail");
        assertThat(RunningSystem.types(eventsOnBus(requestId))).containsExactly("initiated");

        eventBridge.answer(ExamplesTest::take);
        assertThat(system.post("/api/v1/dead-letters/redrive", "operator", "{\"sink\": \"abt-workflows\"}").statusCode()).isEqualTo(200);
        await().atMost(RunningSystem.PATIENCE).until(() -> RunningSystem.types(eventsOnBus(requestId)).equals(EVENTS));
    }

    // --- From the start, and with mistakes ---

    @Test
    void theExamplesRunFromTheStartOfASystemToo() throws IOException {
        var own = RoutesCopy.below(folder.resolve("own"));
        own.addExamples();
        var settings = new HashMap<>(settings());
        settings.put("ROUTES_DIR", own.folder().toString());
        settings.put("CALL_REQUESTS_QUEUE", "own-call-requests");
        settings.put("CALL_EVENTS_QUEUE", "own-call-events");
        try (var other = RunningSystem.start(settings)) {
            var rejected = other.awaitFinal(other.requestCall(call("+442071838750")));

            assertThat(rejected.at("/reason/rule").asText()).isEqualTo("country");
            await().atMost(RunningSystem.PATIENCE)
                    .until(() -> RunningSystem.types(eventsOnBus(rejected.get("request_id").asText())).equals(List.of("not_placed")));
        }
    }

    /** A text of an example replaced by another; what the finding names, and what the line says that it names. */
    record Mistake(String example, String good, String bad, String named, String line) {
        @Override
        public String toString() {
            return named;
        }
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(
                new Mistake(TASK, "name: fields", "name: field", "has no parameter field", "name: field"),
                new Mistake(TASK, "routeTemplateRef: task-type", "routeTemplateRef: task-tipe", "there is no route template task-tipe", "task-tipe"),
                new Mistake(TASK, "{amount, currency, pay_by}", "{amount, currency", "{amount, currency", "value: \"{amount, currency\""),
                new Mistake(RULE, "value: failed", "value: fail", "there is no file templates/outcome-fail.jq", "value: fail"),
                new Mistake(RULE, "routeId: outcome-rule-refused", "routeId: find-outcome", "id find-outcome stands at", "templatedRoute"),
                new Mistake(CHECK, "value: reject", "value: refuse", "nothing consumes direct:refuse-by-check", "value: refuse"),
                new Mistake(CHECK, "      - name: decision\n        value: reject\n", "", "needs the parameter decision", "templatedRoute"),
                new Mistake(SQS_SINK, "routeId: relay-abt-analytics", "routeId: relay-abt-analysis",
                        "no route consumes seda:relay-abt-analytics", "templatedRoute"),
                new Mistake(BUS_SINK, "      - name: bus\n", "      - nam: bus\n", "nam", "nam: bus"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeInAnExampleIsRefusedWithItsPlaceAndTheLastGoodVersionRunsOn(Mistake mistake) throws IOException {
        add(mistake.example());
        int good = version();

        routes.change(mistake.example(), mistake.good(), mistake.bad());
        await().atMost(RunningSystem.PATIENCE).until(() -> report().has("refused"));

        var findings = report().at("/refused/findings");
        assertThat(findings).as(findings.toString()).anySatisfy(finding -> {
            assertThat(finding.get("message").asText()).contains(mistake.named());
            assertThat(finding.get("file").asText()).isEqualTo(mistake.example());
            assertThat(Files.readAllLines(routes.folder().resolve(mistake.example())).get(finding.get("line").asInt() - 1))
                    .contains(mistake.line());
        });
        assertThat(version()).isEqualTo(good);
    }

    // --- What the tests ask for ---

    private static void add(String... files) throws IOException {
        for (String file : files) {
            Files.copy(Path.of(EXAMPLES, file), routes.folder().resolve(file));
        }
        awaitTaken();
    }

    private static void change(String file, String good, String bad) throws IOException {
        routes.change(file, good, bad);
        awaitTaken();
    }

    private static void awaitTaken() {
        await().atMost(RunningSystem.PATIENCE).until(ExamplesTest::report, report -> {
            var running = new HashMap<String, String>();
            report.get("files").forEach(file -> running.put(file.get("file").asText(), file.get("checksum").asText()));
            return running.equals(routes.checksums()) && !report.has("refused");
        });
    }

    private static int version() {
        return report().get("version").asInt();
    }

    private static JsonNode report() {
        return RunningSystem.json(system.get("/api/v1/routes", "operator")).at("/items/0");
    }

    private static ObjectNode call(String number) {
        return RunningSystem.JSON.createObjectNode().put("to_number", number).put("campaign", "domestic");
    }

    private static JsonNode dryRun(ObjectNode call) {
        return RunningSystem.json(system.post("/api/v1/calls?dry_run=true", "engage", call.toString()));
    }

    /** A call to a number whose end has been told. */
    private static String finishedCall(String number) {
        return system.awaitFinal(system.requestCall(number)).get("request_id").asText();
    }

    private static long rows(String stream, String sink) {
        return system.ledger().sql("SELECT COUNT(*) FROM outbox WHERE stream = ? AND sink = ?").params(stream, sink).query(Long.class).single();
    }

    private static List<JsonNode> deadLetters(String requestId) {
        return RunningSystem.items(system.get("/api/v1/dead-letters?sink=abt-workflows&request_id=" + requestId, "operator"));
    }

    /** The messages about one request, in the order in which the queue gives them. */
    private static List<Message> receive(String requestId, int count) {
        var received = new ArrayList<Message>();
        try (SqsClient client = ForeignSqs.client(sqs.url())) {
            String url = await().atMost(RunningSystem.PATIENCE).ignoreExceptions()
                    .until(() -> client.getQueueUrl(queue -> queue.queueName("activity-events")).queueUrl(), found -> true);
            await().atMost(RunningSystem.PATIENCE).until(() -> {
                client.receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(1).messageAttributeNames("All"))
                        .messages().stream().filter(message -> RunningSystem.json(message.body()).get("subject").asText().equals(requestId))
                        .forEach(received::add);
                return received.size() >= count;
            });
        }
        return received;
    }

    private static List<JsonNode> eventsOnBus(String subject) {
        return onBus.stream().filter(event -> event.get("subject").asText().equals(subject)).toList();
    }

    private static JsonNode detail(HttpStub.Request request) {
        return RunningSystem.json(request.json().at("/Entries/0/Detail").asText());
    }

    private static Answer take(HttpStub.Request request) {
        onBus.add(detail(request));
        return new Answer(200, "{\"FailedEntryCount\": 0, \"Entries\": [{\"EventId\": \"1\"}]}");
    }

    private static Answer notTaken(String code) {
        return new Answer(200, "{\"FailedEntryCount\": 1, \"Entries\": [{\"ErrorCode\": \"%s\", \"ErrorMessage\": \"no\"}]}".formatted(code));
    }
}
