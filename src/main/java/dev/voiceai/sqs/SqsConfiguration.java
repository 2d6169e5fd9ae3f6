package dev.voiceai.sqs;

import dev.voiceai.ledger.LedgerAvailability;
import dev.voiceai.metrics.SqsRequestCounter;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The beans {@code sqs} and {@code lambda}, which the routes' endpoints use. */
@Configuration(proxyBeanMethods = false)
class SqsConfiguration {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** Longer than a long poll of 20 s. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(26);
    /** For every call but a receive, which has its own. */
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(4);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    /** Retell waits 10 s for the answer to a webhook. */
    private static final Duration INVOKE_TIMEOUT = Duration.ofMillis(9_500);
    /** Above all consumers parked in a long poll, so that none of them keeps a send waiting. */
    private static final int CONNECTIONS = 200;

    @Bean
    SdkHttpClient awsHttp() {
        return Apache5HttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(SOCKET_TIMEOUT)
                .maxConnections(CONNECTIONS)
                .build();
    }

    /** @param shared false only where the embedded SQS ends with this process */
    @Bean
    QueueClient sqs(
            AwsSettings aws,
            SdkHttpClient awsHttp,
            LedgerAvailability ledger,
            SqsRequestCounter counter,
            @Value("${sqs.shared:true}") boolean shared) {
        var client = SqsClient.builder()
                .httpClient(awsHttp)
                .region(aws.region())
                .credentialsProvider(aws.credentials())
                .overrideConfiguration(
                        override -> override.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT)
                                .addExecutionInterceptor(counter));
        if (aws.sqsEndpoint() != null) {
            client.endpointOverride(aws.sqsEndpoint());
        }
        return new QueueClient(client.build(), aws.sqsEndpoint() != null, shared, ledger::isUp);
    }

    @Bean
    MessageBatch messageBatch() {
        return new MessageBatch();
    }

    @Bean
    LambdaClient lambda(AwsSettings aws, SdkHttpClient awsHttp) {
        var client = LambdaClient.builder()
                .httpClient(awsHttp)
                .region(aws.region())
                .credentialsProvider(aws.credentials())
                .overrideConfiguration(override -> override.apiCallTimeout(INVOKE_TIMEOUT));
        if (aws.lambdaEndpoint() != null) {
            client.endpointOverride(aws.lambdaEndpoint());
        }
        return client.build();
    }

    /** SQS down holds up its own arrows only: the API still accepts calls, so this is never "down". */
    @Bean
    HealthIndicator sqsHealthIndicator(QueueClient sqs) {
        return () -> sqs.outage()
                .map(reason -> Health.status("DEGRADED").withDetail("reason", reason))
                .orElseGet(Health::up)
                .build();
    }
}
