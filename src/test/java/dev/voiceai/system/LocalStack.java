package dev.voiceai.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * What takes the place of ElasticMQ with the profile {@code localstack}: the LocalStack at {@code LOCALSTACK_ENDPOINT},
 * else one in a container, where there is Docker. One system at a time can use it, since all name their queues alike.
 */
final class LocalStack {
    /** The last release that needs no account. */
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.14.0");

    /** Testcontainers stops it after the JVM. */
    private static LocalStackContainer container;

    private LocalStack() {}

    static boolean isAskedFor() {
        return Boolean.getBoolean("localstack");
    }

    /** Its address, with no queue left of an earlier test; skips the test where there is no LocalStack. */
    static synchronized String emptied() {
        String endpoint = endpoint();
        try (var sqs = ForeignSqs.client(endpoint)) {
            sqs.listQueues().queueUrls().forEach(url -> sqs.deleteQueue(queue -> queue.queueUrl(url)));
        }
        return endpoint;
    }

    private static String endpoint() {
        String running = System.getenv("LOCALSTACK_ENDPOINT");
        if (running != null && !running.isBlank()) {
            return running;
        }
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(),
                "no LocalStack: LOCALSTACK_ENDPOINT names none, and there is no Docker to start one");
        if (container == null) {
            container = new LocalStackContainer(IMAGE).withServices(LocalStackContainer.Service.SQS);
            container.start();
        }
        return container.getEndpoint().toString();
    }
}
