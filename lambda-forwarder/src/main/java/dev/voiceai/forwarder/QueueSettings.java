package dev.voiceai.forwarder;

import java.net.URI;

/**
 * Where the events go and who sends them.
 *
 * @param endpoint the address of SQS; null takes scheme and host of the queue URL
 * @param region the AWS region the request is signed for, such as {@code eu-central-1}
 * @param credentials what signs the request
 * @param queueUrl the URL of SQS #2, {@code call-events}
 */
public record QueueSettings(URI endpoint, String region, AwsCredentials credentials, String queueUrl) {
    /** The address that requests are posted to, with a path. */
    URI address() {
        URI address = endpoint == null ? URI.create(queueUrl).resolve("/") : endpoint;
        return address.getRawPath().isEmpty() ? address.resolve("/") : address;
    }
}
