package dev.voiceai.forwarder;

import dev.voiceai.forwarder.QueueSender.Delivery;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * The AWS SDK with its lightest client, set up by hand as AWS advises for a quick start. The tries and their time are
 * counted by the shipped code.
 */
public final class SdkClientHandler extends CandidateHandler {
    private static final SqsClient CLIENT = SqsClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder()
                    .connectionTimeout(Duration.ofMillis(1500))
                    .socketTimeout(Duration.ofMillis(4000)))
            .region(Region.of(System.getenv("AWS_REGION")))
            .endpointOverride(URI.create(System.getenv("AWS_ENDPOINT_URL_SQS")))
            .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
            .overrideConfiguration(client -> client.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    private static final String QUEUE_URL = System.getenv("CALL_EVENTS_QUEUE_URL");

    public SdkClientHandler() {
        super(Request::new);
    }

    private static final class Request implements Delivery {
        @Override
        public void send(String message, String traceparent, int limitMs) {
            // The SDK itself compares the digest in the answer.
            CLIENT.sendMessage(request -> {
                request.queueUrl(QUEUE_URL).messageBody(message);
                if (traceparent != null) {
                    request.messageAttributes(Map.of("traceparent", MessageAttributeValue.builder()
                            .dataType("String").stringValue(traceparent).build()));
                }
            });
        }

        @Override
        public void close() {
            // The interrupt that goes before it ends the request.
        }
    }
}
