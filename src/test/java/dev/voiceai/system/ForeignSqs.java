package dev.voiceai.system;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An SQS that the system did not start, without queues: ElasticMQ with its messages in memory, which can be down for a
 * while, or {@link LocalStack}.
 */
public final class ForeignSqs implements AutoCloseable {
    private final String url;
    /** Null while it is down, and where it is LocalStack. */
    private SQSRestServer server;

    public ForeignSqs() {
        if (LocalStack.isAskedFor()) {
            url = LocalStack.emptied();
        } else {
            server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
            url = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
        }
    }

    public String url() {
        return url;
    }

    Map<String, String> settings() {
        return Map.of("AWS_ENDPOINT_URL_SQS", url);
    }

    void stop() {
        server.stopAndWait();
        server = null;
    }

    /** Empty, as a queue service is never; the system has to make its queues again. */
    void startAgain() {
        server = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(URI.create(url).getPort()).start();
        server.waitUntilStarted();
    }

    List<String> queues() {
        try (var sqs = client(url)) {
            return sqs.listQueues().queueUrls().stream().map(url -> url.replaceFirst(".*/", "")).toList();
        }
    }

    /** A plain client of any SQS endpoint of a test. */
    public static SqsClient client(String endpoint) {
        return SqsClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
                .build();
    }

    /** Messages of a queue that wait or are in work. */
    public static int messages(SqsClient sqs, String queue) {
        var attributes = sqs.getQueueAttributes(request -> request
                        .queueUrl(sqs.getQueueUrl(name -> name.queueName(queue)).queueUrl())
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return attributes.values().stream().mapToInt(Integer::parseInt).sum();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stopAndWait();
        }
    }
}
