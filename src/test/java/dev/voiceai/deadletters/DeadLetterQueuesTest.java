package dev.voiceai.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.deadletters.DeadLetterQueues.Queue;
import dev.voiceai.http.Json;
import dev.voiceai.http.Problem;
import dev.voiceai.ledger.Ids;
import dev.voiceai.system.ForeignSqs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Tag("sqs")
class DeadLetterQueuesTest {

    private static final String REQUEST_ID = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";
    private static final String EVENT = """
            {"schema": "call-event/1", "event": "call_ended", "call_id": "call_1", "request_id": "%s",
             "call": {"to_number": "+12065550100", "transcript": "User: I am Zoë"}}""".formatted(REQUEST_ID);
    private static final Map<String, Object> ALL = Map.of("queues", List.of("call-requests", "call-events"));

    private ForeignSqs server;
    private SqsClient sqs;
    private Queue requests;
    private Queue events;
    private Map<String, Queue> queues;
    private DeadLetterQueues deadLetters;

    @BeforeEach
    void startServer() {
        server = new ForeignSqs();
        sqs = ForeignSqs.client(server.url());
        requests = queue("call-requests");
        events = queue("call-events");
        queues = new LinkedHashMap<>();
        queues.put("call-requests", requests);
        queues.put("call-events", events);
        deadLetters = new DeadLetterQueues(sqs, new Redaction(Json.mapper()), queues);
    }

    @AfterEach
    void stopServer() {
        sqs.close();
        server.close();
    }

    @Test
    void aDeadLetterIsNamedByItsCallAndNothingElseOfItIsShown() {
        send(events.deadLettersUrl(), EVENT);

        assertThat(look(ALL)).singleElement().satisfies(entry -> {
            assertThat(entry)
                    .containsEntry("source", "call-events")
                    .containsEntry("schema", "call-event/1")
                    .containsEntry("event", "call_ended")
                    .containsEntry("call_id", "call_1")
                    .containsEntry("request_id", REQUEST_ID)
                    .containsOnlyKeys("source", "id", "schema", "event", "request_id", "call_id", "created_at", "at");
            assertThat(entry.toString()).doesNotContain("2065550100", "Zoë");
        });
    }

    @Test
    void aPoisonMessageIsShownTooAndNothingOfItThatCouldBeAPerson() {
        for (String poison : List.of("not JSON", "[1]", "null", "{\"call_id\": 7}", """
                {"schema": "Zoë", "event": "Zoë Miller", "call_id": "+12065550100", "request_id": "12065550100"}""")) {
            send(requests.deadLettersUrl(), poison);
        }

        assertThat(look(ALL))
                .hasSize(5)
                .allSatisfy(entry -> assertThat(entry).containsOnlyKeys("source", "id", "created_at", "at"));
    }

    @Test
    void moreThanOnePageIsSeenAndLookingTakesNothingAway() {
        for (int i = 0; i < 25; i++) {
            send(requests.deadLettersUrl(), "{}");
        }

        assertThat(look(ALL)).hasSize(25);
        assertThat(look(ALL)).hasSize(25).extracting(entry -> entry.get("id")).doesNotHaveDuplicates();
        assertThat(count(requests.deadLettersUrl())).isEqualTo(25);
    }

    @Test
    void whatIsTooMuchForOneLookIsSaidSo() {
        deadLetters = new DeadLetterQueues(sqs, new Redaction(Json.mapper()), queues, 20);
        for (int i = 0; i < 21; i++) {
            send(requests.deadLettersUrl(), "{}");
        }

        var chosen = deadLetters.choose(ALL);
        assertThat(chosen.size()).isEqualTo(20);
        assertThat(chosen.isComplete()).isFalse();
        assertThat(deadLetters.send(chosen)).isEqualTo(20);

        chosen = deadLetters.choose(ALL);
        assertThat(chosen.size()).isEqualTo(1);
        assertThat(chosen.isComplete()).isTrue();
    }

    @Test
    void messagesAreChosenByEveryField() {
        send(events.deadLettersUrl(), EVENT, Map.of("reason", "HTTP 500", "receives", "5"));
        send(events.deadLettersUrl(), EVENT.replace("call_ended", "call_started"));
        send(requests.deadLettersUrl(), "{}");
        var id = look(filter("event", "call_ended")).get(0).get("id");

        assertThat(look(filter("queues", List.of("call-requests")))).hasSize(1);
        assertThat(look(filter("queues", List.of()))).isEmpty();
        assertThat(look(filter("call_id", "call_1"))).hasSize(2);
        assertThat(look(filter("request_id", REQUEST_ID))).hasSize(2);
        assertThat(look(filter("request_id", "other"))).isEmpty();
        assertThat(look(filter("error", "HTTP 500"))).singleElement()
                .satisfies(entry -> assertThat(entry).containsEntry("attempts", 5).containsEntry("id", id));
        assertThat(look(filter("ids", List.of(id, "nobody")))).hasSize(1);
        assertThat(deadLetters.choose(ALL).counts()).isEqualTo(Map.of("call-events", 2, "call-requests", 1));
    }

    @Test
    void onlyWhatIsChosenGoesBackWithWhatCameAlongButWithoutTheReason() {
        send(events.deadLettersUrl(), EVENT, Map.of("reason", "HTTP 500", "receives", "5", "traceparent", "00-1-2-01"));
        send(events.deadLettersUrl(), EVENT.replace("call_ended", "call_started"));

        var chosen = deadLetters.choose(filter("event", "call_ended"));
        assertThat(count(events.deadLettersUrl())).as("the other one is given back at once").isEqualTo(1);
        assertThat(deadLetters.send(chosen)).isEqualTo(1);
        deadLetters.release(chosen);

        assertThat(look(ALL)).extracting(entry -> entry.get("event")).containsExactly("call_started");
        assertThat(count(requests.url())).isZero();
        assertThat(sqs.receiveMessage(receive -> receive.queueUrl(events.url()).messageAttributeNames("All")).messages())
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.body()).isEqualTo(EVENT);
                    assertThat(message.messageAttributes()).containsOnlyKeys("traceparent");
                    assertThat(message.messageAttributes().get("traceparent").stringValue()).isEqualTo("00-1-2-01");
                });
    }

    @Test
    void whatIsChosenAndNotSentComesBack() {
        send(requests.deadLettersUrl(), "{}");

        var chosen = deadLetters.choose(ALL);
        assertThat(look(ALL)).isEmpty();
        deadLetters.release(chosen);

        assertThat(look(ALL)).hasSize(1);
        assertThat(count(requests.url())).isZero();
    }

    @Test
    void whatTheQueueDoesNotTakeStaysADeadLetter() {
        send(requests.deadLettersUrl(), "{}");
        send(requests.deadLettersUrl(), "{}");
        var chosen = deadLetters.choose(ALL);
        sqs.deleteQueue(delete -> delete.queueUrl(requests.url()));

        assertThat(deadLetters.send(chosen)).isZero();
        assertThat(chosen.size()).isEqualTo(2);
        deadLetters.release(chosen);

        assertThat(look(ALL)).hasSize(2);
    }

    @Test
    void whatHoldsATextByItselfIsErasedFromAllQueuesAndTheOthersStay() {
        send(events.deadLettersUrl(), EVENT);
        send(events.deadLettersUrl(), "poison of +12065550100, unreadable");
        send(events.deadLettersUrl(), "{\"to_number\": \"+120655501001\", \"n\": 12065550100}");
        for (int i = 0; i < 12; i++) {
            send(requests.deadLettersUrl(), "{\"request_id\": \"other-" + i + "\"}");
        }
        send(requests.deadLettersUrl(), "{\"request_id\": \"" + REQUEST_ID + "\"}");

        assertThat(deadLetters.erase(List.of("+12065550100", REQUEST_ID))).isEqualTo(3);

        assertThat(look(ALL)).hasSize(13);
        assertThat(deadLetters.erase(List.of("+12065550100", REQUEST_ID))).isZero();
        assertThat(deadLetters.erase(List.of())).isZero();
    }

    @Test
    void oneIsFoundWithItsContentRedacted() {
        send(events.deadLettersUrl(), EVENT);
        send(requests.deadLettersUrl(), "{\"to\": \n +12065550100}");
        var ids = look(ALL).stream().collect(Collectors.toMap(entry -> entry.get("source"), entry -> (String) entry.get("id")));

        assertThat(deadLetters.find(ids.get("call-events")).get("content").toString())
                .contains("call_1", "\"transcript\"").doesNotContain("2065550100", "Zoë");
        assertThat(deadLetters.find(ids.get("call-requests"))).doesNotContainKey("content").extractingByKey("unreadable")
                .isEqualTo(Map.of("length", 22, "line", 2, "column", 3,
                        "sha256", new Ids().sha256("{\"to\": \n +12065550100}")));
        assertThat(deadLetters.find("nobody")).isNull();
    }

    @Test
    void withoutSqsNothingIsSaidToBeThere() {
        try (var nobody = ForeignSqs.client("http://127.0.0.1:1")) {
            deadLetters = new DeadLetterQueues(nobody, new Redaction(Json.mapper()), queues);

            assertThatThrownBy(() -> look(ALL)).isInstanceOfSatisfying(Problem.class,
                    problem -> assertThat(problem.status()).isEqualTo(503));
        }
    }

    private List<Map<String, Object>> look(Map<String, Object> filter) {
        return deadLetters.look(filter).entries();
    }

    private static Map<String, Object> filter(String field, Object value) {
        var filter = new HashMap<>(ALL);
        filter.put(field, value);
        return filter;
    }

    private Queue queue(String name) {
        var dead = sqs.createQueue(create -> create.queueName(name + "-dlq")).queueUrl();
        var arn = sqs.getQueueAttributes(get -> get.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        var policy = "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":5}";
        var url = sqs.createQueue(create ->
                        create.queueName(name).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)))
                .queueUrl();
        return new Queue(url, dead);
    }

    private void send(String url, String body) {
        send(url, body, Map.of());
    }

    private void send(String url, String body, Map<String, String> attributes) {
        var typed = new HashMap<String, MessageAttributeValue>();
        attributes.forEach((name, value) ->
                typed.put(name, MessageAttributeValue.builder().dataType("String").stringValue(value).build()));
        sqs.sendMessage(send -> send.queueUrl(url).messageBody(body).messageAttributes(typed));
    }

    private int count(String url) {
        return Integer.parseInt(sqs.getQueueAttributes(get -> get.queueUrl(url)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    }
}
