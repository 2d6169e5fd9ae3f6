package dev.voiceai.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.deadletters.DeadLetterQueues.Queue;
import dev.voiceai.http.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class DeadLetterQueuesTest {

    private SQSRestServer server;
    private SqsClient sqs;
    private Queue requests;
    private Queue events;
    private DeadLetterQueues deadLetters;

    @BeforeEach
    void startServer() {
        server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
        int port = server.waitUntilStarted().localAddress().getPort();
        sqs = SqsClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
                .build();
        requests = queue("call-requests");
        events = queue("call-events");
        var queues = new LinkedHashMap<String, Queue>();
        queues.put("call-requests", requests);
        queues.put("call-events", events);
        deadLetters = new DeadLetterQueues(sqs, Json.mapper(), queues);
    }

    @AfterEach
    void stopServer() {
        sqs.close();
        server.stopAndWait();
    }

    @Test
    void aDeadLetterIsNamedByItsCallAndNothingElseOfItIsShown() {
        send(events.deadLettersUrl(), """
                {"schema": "call-event/1", "event": "call_ended", "call_id": "call_1", "request_id": "r1",
                 "call": {"to_number": "+12065550100", "transcript": "User: I am Zoë"}}""");

        var found = deadLetters.peek();

        assertThat(found).singleElement().satisfies(entry -> {
            assertThat(entry)
                    .containsEntry("source", "call-events")
                    .containsEntry("schema", "call-event/1")
                    .containsEntry("event", "call_ended")
                    .containsEntry("call_id", "call_1")
                    .containsEntry("request_id", "r1")
                    .containsEntry("attempts", 1)
                    .containsOnlyKeys(
                            "source", "id", "schema", "event", "request_id", "call_id", "attempts", "created_at");
            assertThat(entry.toString()).doesNotContain("2065550100", "Zoë");
        });
    }

    @Test
    void aPoisonMessageIsShownToo() {
        for (String poison : List.of("not JSON", "[1]", "null", "{\"call_id\": 7}")) {
            send(requests.deadLettersUrl(), poison);
        }

        assertThat(deadLetters.peek())
                .hasSize(4)
                .allSatisfy(entry -> assertThat(entry).containsOnlyKeys("source", "id", "attempts", "created_at"));
    }

    @Test
    void lookingTakesNothingAway() {
        send(requests.deadLettersUrl(), "{}");

        assertThat(deadLetters.peek()).hasSize(1);

        assertThat(deadLetters.peek()).hasSize(1);
        assertThat(deadLetters.redrive("call-requests", true)).isEqualTo(1);
    }

    @Test
    void aDryRunCountsAndMovesNothing() {
        send(requests.deadLettersUrl(), "{}");
        send(events.deadLettersUrl(), "{}");

        assertThat(deadLetters.redrive(null, true)).isEqualTo(2);
        assertThat(deadLetters.redrive("call-events", true)).isEqualTo(1);

        assertThat(count(requests.deadLettersUrl())).isEqualTo(1);
        assertThat(count(requests.url())).isZero();
    }

    @Test
    void theMessagesOfOneQueueGoBackToIt() {
        send(requests.deadLettersUrl(), "{\"request_id\": \"1\"}");
        send(events.deadLettersUrl(), "{}");

        assertThat(deadLetters.redrive("call-requests", false)).isEqualTo(1);

        await().until(() -> count(requests.url()) == 1 && count(requests.deadLettersUrl()) == 0);
        assertThat(count(events.deadLettersUrl())).isEqualTo(1);
        assertThat(sqs.receiveMessage(receive -> receive.queueUrl(requests.url()).maxNumberOfMessages(10)).messages())
                .extracting(Message::body)
                .containsExactly("{\"request_id\": \"1\"}");
    }

    @Test
    void emptyQueuesAreNoFault() {
        assertThat(deadLetters.peek()).isEmpty();
        assertThat(deadLetters.redrive(null, false)).isZero();
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
        sqs.sendMessage(send -> send.queueUrl(url).messageBody(body));
    }

    private int count(String url) {
        return Integer.parseInt(sqs.getQueueAttributes(get -> get.queueUrl(url)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    }
}
