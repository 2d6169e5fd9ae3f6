package dev.voiceai.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sqs.SqsClient;

@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

    @Bean
    Gauges gauges(MeterRegistry registry) {
        return new Gauges(registry, Clock.systemUTC());
    }

    @Bean
    Outcomes outcomes(MeterRegistry registry) {
        return new Outcomes(registry);
    }

    @Bean
    QueueWaits queueWaits(MeterRegistry registry) {
        return new QueueWaits(registry, Clock.systemUTC());
    }

    @Bean
    SqsRequestCounter sqsRequestCounter(MeterRegistry registry) {
        return new SqsRequestCounter(registry);
    }

    @Bean
    QueueDepths queueDepths(
            SqsClient sqs,
            @Value("${queues.call-requests-url}") String callRequests,
            @Value("${queues.call-events-url}") String callEvents,
            @Value("${queues.call-requests-dlq-url}") String deadCallRequests,
            @Value("${queues.call-events-dlq-url}") String deadCallEvents) {
        Map<String, String> queues = new LinkedHashMap<>();
        queues.put("call-requests", callRequests);
        queues.put("call-events", callEvents);
        queues.put("call-requests-dlq", deadCallRequests);
        queues.put("call-events-dlq", deadCallEvents);
        return new QueueDepths(sqs, queues);
    }
}
