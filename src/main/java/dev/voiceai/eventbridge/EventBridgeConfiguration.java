package dev.voiceai.eventbridge;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.sqs.AwsSettings;
import java.net.URI;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/** Made when a route first names it: most systems have no such sink. */
@Configuration(proxyBeanMethods = false)
class EventBridgeConfiguration {
    /** For one event, the SDK's own repeats included: far less than the lease of its row. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(4);

    @Bean
    @Lazy
    EventBridgeClient eventBridgeClient(
            AwsSettings aws, SdkHttpClient awsHttp, @Value("${eventbridge.endpoint:}") String endpoint) {
        var client = EventBridgeClient.builder()
                .httpClient(awsHttp)
                .region(aws.region())
                .credentialsProvider(aws.credentials())
                .overrideConfiguration(
                        override -> override.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT));
        if (!endpoint.isBlank()) {
            client.endpointOverride(URI.create(endpoint));
        }
        return client.build();
    }

    @Bean
    @Lazy
    EventBridge eventBridge(EventBridgeClient eventBridgeClient, ObjectMapper json) {
        return new EventBridge(eventBridgeClient, json);
    }
}
