package dev.voiceai.faults;

import dev.voiceai.api.Link;
import dev.voiceai.system.ForeignSqs;
import org.elasticmq.NodeAddress;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;

/** An SQS that outlives all processes, and a network in front of it that can be cut. */
final class SharedSqs implements AutoCloseable {
    private final SQSRestServer server;
    private final Link link;
    private final SqsClient client;

    SharedSqs() {
        int port = Replica.freePort();
        link = new Link(port);
        server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withPort(port)
                .withServerAddress(new NodeAddress("http", "127.0.0.1", link.port(), ""))
                .start();
        server.waitUntilStarted();
        client = ForeignSqs.client("http://127.0.0.1:" + port);
    }

    String url() {
        return "http://127.0.0.1:" + link.port();
    }

    /** Sends the message of an attempt once more. */
    void repeat(String requestId, int attempt) {
        var text = "{\"schema\":\"call-request/1\",\"request_id\":\"" + requestId + "\",\"attempt\":" + attempt + "}";
        client.sendMessage(message -> message
                .queueUrl(client.getQueueUrl(queue -> queue.queueName("call-requests")).queueUrl())
                .messageBody(text));
    }

    Link link() {
        return link;
    }

    @Override
    public void close() {
        client.close();
        server.stopAndWait();
    }
}
