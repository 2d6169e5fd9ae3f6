package dev.voiceai.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.ForeignSqs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.sqs.Sqs2Component;
import org.apache.camel.impl.DefaultCamelContext;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

@Tag("sqs")
class QueueClientTest {
    private static final String ORDERS = "queue:orders";

    private ForeignSqs server;
    private SqsClient plain;
    private QueueClient client;
    private volatile boolean canWork = true;

    @BeforeEach
    void startServer() {
        server = new ForeignSqs();
        plain = ForeignSqs.client(server.url());
        client = new QueueClient(ForeignSqs.client(server.url()), true, true, () -> canWork);
    }

    @AfterEach
    void stopServer() {
        client.close();
        plain.close();
        server.close();
    }

    @Test
    void nothingIsReceivedWhileNothingCouldBeWorkedOn() {
        client.sendMessage(request -> request.queueUrl(ORDERS).messageBody("1"));
        canWork = false;

        assertThat(client.receiveMessage(request -> request.queueUrl(ORDERS)).messages()).isEmpty();

        canWork = true;
        var message = client.receiveMessage(request -> request.queueUrl(ORDERS)
                .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)).messages().get(0);
        assertThat(message.attributes()).containsValue("1");
    }

    @Test
    void aMessageInWorkCanBeMadeToComeBackSoon() {
        client.sendMessage(request -> request.queueUrl(ORDERS).messageBody("1"));
        var receipt = client.receiveMessage(request -> request.queueUrl(ORDERS)).messages().get(0).receiptHandle();

        client.comeBack(ORDERS, receipt, 0);

        assertThat(client.receiveMessage(request -> request.queueUrl(ORDERS)).messages()).hasSize(1);
    }

    @Test
    void aMissingQueueIsCreatedWithItsDeadLetterQueueAtItsFirstUse() {
        client.sendMessage(request -> request.queueUrl(ORDERS).messageBody("1"));

        var attributes = plain.getQueueAttributes(
                        request -> request.queueUrl(url("orders")).attributeNames(QueueAttributeName.ALL))
                .attributes();
        assertThat(attributes.get(QueueAttributeName.REDRIVE_POLICY))
                .contains("orders-dlq")
                .containsPattern("\"maxReceiveCount\":\\s*\"?5");
        assertThat(attributes).containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "120");
        assertThat(client.receiveMessage(request -> request.queueUrl("queue:orders-dlq")).messages()).isEmpty();
    }

    @Test
    void aMissingQueueIsAnErrorWhereQueuesAreNotOurs() {
        try (var strict = new QueueClient(ForeignSqs.client(server.url()), false, true, () -> true)) {
            assertThatThrownBy(() -> strict.sendMessage(request -> request.queueUrl(ORDERS).messageBody("1")))
                    .isInstanceOf(QueueDoesNotExistException.class);
            assertThat(plain.listQueues().queueUrls()).isEmpty();
        }
    }

    @Test
    void aQueueThatWasDeletedIsLookedUpAnew() {
        client.sendMessage(request -> request.queueUrl(ORDERS).messageBody("1"));
        plain.deleteQueue(request -> request.queueUrl(url("orders")));
        await().until(() -> client.receiveMessage(request -> request.queueUrl(ORDERS)).messages().isEmpty()
                && client.outage().isPresent());

        client.sendMessage(request -> request.queueUrl(ORDERS).messageBody("2"));

        assertThat(receive(ORDERS)).extracting(Message::body).containsExactly("2");
    }

    @Test
    void whileSqsIsDownReceivingReturnsNothingAndItComesBackByItself() {
        int port = freePort();
        try (var late = new QueueClient(ForeignSqs.client("http://127.0.0.1:" + port), true, true, () -> canWork)) {
            assertThat(late.receiveMessage(request -> request.queueUrl(ORDERS)).messages()).isEmpty();
            assertThat(late.outage()).isPresent();

            var server = start(port);
            try {
                late.sendMessage(request -> request.queueUrl(ORDERS).messageBody("1"));

                assertThat(late.receiveMessage(request -> request.queueUrl(ORDERS)).messages()).hasSize(1);
                assertThat(late.outage()).isEmpty();
            } finally {
                server.stopAndWait();
            }
        }
    }

    @Test
    void aParkedPollEndsWithTheStopAndAMessageItStillGetsIsVisibleToOthersAtOnce() throws Exception {
        client.sendMessage(request -> request.queueUrl(ORDERS).messageBody("first"));
        delete(receive(ORDERS).get(0));
        var parked = CompletableFuture.supplyAsync(() -> client.receiveMessage(poll(ORDERS, 5)).messages());
        await().during(Duration.ofMillis(300)).until(() -> !parked.isDone());

        client.stopReceiving();

        assertThat(parked.get(1, TimeUnit.SECONDS)).isEmpty();
        plain.sendMessage(request -> request.queueUrl(url("orders")).messageBody("late"));
        await().atMost(Duration.ofSeconds(8)).until(() -> plain
                .receiveMessage(poll(url("orders"), 0)).messages().stream()
                .anyMatch(message -> message.body().equals("late")));
        assertThat(client.receiveMessage(poll(ORDERS, 5)).messages()).isEmpty();
    }

    @Test
    void whatWasReceivedAndNotFinishedIsVisibleToOthersAfterTheStop() {
        for (String body : List.of("1", "2", "3")) {
            client.sendMessage(request -> request.queueUrl(ORDERS).messageBody(body));
        }
        List<Message> received = receive(ORDERS);
        assertThat(received).hasSize(3);
        delete(received.get(0));
        client.changeMessageVisibility(request -> request
                .queueUrl(ORDERS)
                .receiptHandle(received.get(1).receiptHandle())
                .visibilityTimeout(60));

        client.close();

        assertThat(plain.receiveMessage(poll(url("orders"), 0)).messages())
                .extracting(Message::body)
                .containsExactly(received.get(2).body());
    }

    @Test
    void ofABatchThatCamelHasBegunTheRestIsGivenBackWhenTheRouteStops() throws Exception {
        for (int i = 0; i < 10; i++) {
            String body = String.valueOf(i);
            client.sendMessage(request -> request.queueUrl(ORDERS).messageBody(body));
        }
        var begun = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        try (var camel = new DefaultCamelContext()) {
            camel.getComponent("aws2-sqs", Sqs2Component.class).getConfiguration().setAmazonSQSClient(client);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("aws2-sqs:orders?queueUrl=" + ORDERS + "&maxMessagesPerPoll=10&waitTimeSeconds=1")
                            .process(exchange -> {
                                begun.countDown();
                                finish.await();
                            });
                }
            });
            camel.start();
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

            client.stopReceiving();
            var stopped = CompletableFuture.runAsync(camel::stop);
            await().until(() -> camel.getRouteController().getRouteStatus(camel.getRoutes().get(0).getId()) != null
                    && camel.isStopping());
            finish.countDown();
            stopped.get(20, TimeUnit.SECONDS);
        }
        int unfinished = count("orders", QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
        client.close();

        assertThat(unfinished).isPositive();
        assertThat(count("orders", QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)).isZero();
        assertThat(count("orders", QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)).isEqualTo(unfinished);
    }

    private int count(String queue, QueueAttributeName attribute) {
        return Integer.parseInt(plain.getQueueAttributes(
                        request -> request.queueUrl(url(queue)).attributeNames(attribute))
                .attributes()
                .get(attribute));
    }

    private List<Message> receive(String queue) {
        return client.receiveMessage(poll(queue, 1)).messages();
    }

    private void delete(Message message) {
        client.deleteMessage(request -> request.queueUrl(ORDERS).receiptHandle(message.receiptHandle()));
    }

    private static ReceiveMessageRequest poll(String queue, int seconds) {
        return ReceiveMessageRequest.builder()
                .queueUrl(queue)
                .maxNumberOfMessages(10)
                .waitTimeSeconds(seconds)
                .build();
    }

    private String url(String name) {
        return plain.getQueueUrl(request -> request.queueName(name)).queueUrl();
    }

    private static SQSRestServer start(int port) {
        var server = SQSRestServerBuilder.withPort(port).withInterface("127.0.0.1").start();
        server.waitUntilStarted();
        return server;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
