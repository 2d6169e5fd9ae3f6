package dev.voiceai.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.ForeignSqs;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class ElasticMqTest {
    private static final int MESSAGES = 30;

    @TempDir
    Path folder;

    @Test
    void aKilledProcessLosesNoAcknowledgedMessageAndBringsNoDeletedOneBack() throws Exception {
        var killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SendThenDie.class.getName(), folder.resolve("sqs").toString(), String.valueOf(freePort()))
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "output"))
                .start();

        assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.exitValue()).isEqualTo(SendThenDie.EXIT);
        int port = freePort();
        try (var server = ElasticMq.start(port, folder.resolve("sqs")); var sqs = ForeignSqs.client(ElasticMq.uri(port).toString())) {
            String url = sqs.getQueueUrl(request -> request.queueName("orders")).queueUrl();
            assertThat(url).startsWith("http://127.0.0.1:" + port);
            var bodies = new TreeSet<Integer>();
            await().until(() -> {
                sqs.receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10)).messages().stream()
                        .map(Message::body)
                        .map(Integer::valueOf)
                        .forEach(bodies::add);
                return bodies.size() >= MESSAGES - 1;
            });
            assertThat(bodies).hasSize(MESSAGES - 1).doesNotContain(0);
        }
    }

    /** ElasticMQ writes the dead letter and removes the message in two steps; then each receive would fail for ever. */
    @Test
    void aMoveToTheDeadLettersThatAKillCutShortIsFinished() throws Exception {
        int port = freePort();
        try (var server = ElasticMq.start(port, folder.resolve("sqs")); var sqs = ForeignSqs.client(ElasticMq.uri(port).toString())) {
            sqs.createQueue(request -> request.queueName("orders-dlq"));
            var url = sqs.createQueue(request -> request.queueName("orders").attributes(Map.of(
                            QueueAttributeName.VISIBILITY_TIMEOUT, "0",
                            QueueAttributeName.REDRIVE_POLICY,
                            "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:orders-dlq\",\"maxReceiveCount\":1}")))
                    .queueUrl();
            sqs.sendMessage(request -> request.queueUrl(url).messageBody("moved"));
            assertThat(sqs.receiveMessage(request -> request.queueUrl(url)).messages()).hasSize(1);
        }
        copy("orders", "orders_dlq");

        try (var server = ElasticMq.start(port, folder.resolve("sqs")); var sqs = ForeignSqs.client(ElasticMq.uri(port).toString())) {
            var url = sqs.getQueueUrl(request -> request.queueName("orders")).queueUrl();
            var deadLetters = sqs.getQueueUrl(request -> request.queueName("orders-dlq")).queueUrl();
            sqs.sendMessage(request -> request.queueUrl(url).messageBody("next"));

            assertThat(sqs.receiveMessage(request -> request.queueUrl(url)).messages()).extracting(Message::body).containsExactly("next");
            assertThat(sqs.receiveMessage(request -> request.queueUrl(deadLetters)).messages()).extracting(Message::body).containsExactly("moved");
        }
    }

    private void copy(String from, String to) throws SQLException {
        try (var database = DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("sqs"), "", "");
                var statement = database.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO " + table(statement, to) + " SELECT * FROM " + table(statement, from)))
                    .isEqualTo(1);
        }
    }

    private static String table(Statement statement, String queue) throws SQLException {
        try (var tables = statement.executeQuery(
                "SELECT table_name FROM information_schema.tables WHERE REGEXP_LIKE(table_name, '^message_" + queue + "_[0-9a-f]{8}$', 'i')")) {
            assertThat(tables.next()).isTrue();
            return tables.getString(1);
        }
    }

    @Test
    void aSecondServerOfOneProcessWorksBesideTheFirst() throws Exception {
        int first = freePort();
        int second = freePort();
        try (var one = ElasticMq.start(first, folder.resolve("one"));
                var two = ElasticMq.start(second, folder.resolve("two"));
                var ofOne = ForeignSqs.client(ElasticMq.uri(first).toString());
                var ofTwo = ForeignSqs.client(ElasticMq.uri(second).toString())) {
            ofOne.createQueue(request -> request.queueName("orders"));

            assertThat(ofOne.listQueues().queueUrls()).hasSize(1);
            assertThat(ofTwo.listQueues().queueUrls()).isEmpty();
        }
        assertThat(folder.resolve("two.mv.db")).doesNotExist();
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Runs in a process of its own, which ends as a kill would end it: without closing anything. */
    static final class SendThenDie {
        static final int EXIT = 9;

        public static void main(String[] args) {
            int port = Integer.parseInt(args[1]);
            ElasticMq.start(port, Path.of(args[0]));
            var sqs = ForeignSqs.client(ElasticMq.uri(port).toString());
            String url = sqs.createQueue(request -> request.queueName("orders")).queueUrl();
            sqs.sendMessage(request -> request.queueUrl(url).messageBody("0"));
            Message deleted = sqs.receiveMessage(request -> request.queueUrl(url)).messages().get(0);
            sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(deleted.receiptHandle()));
            for (int i = 1; i < MESSAGES; i++) {
                String body = String.valueOf(i);
                sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
            }
            Runtime.getRuntime().halt(EXIT);
        }
    }
}
