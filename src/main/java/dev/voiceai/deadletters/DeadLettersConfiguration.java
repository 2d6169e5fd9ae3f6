package dev.voiceai.deadletters;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.voiceai.deadletters.DeadLetterQueues.Queue;
import java.util.LinkedHashMap;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sqs.SqsClient;

@Configuration(proxyBeanMethods = false)
class DeadLettersConfiguration {

    @Bean
    Redaction redaction(ObjectMapper json) {
        return new Redaction(json);
    }

    @Bean
    DeadLetterQueues deadLetters(
            SqsClient sqs,
            Redaction redaction,
            @Value("${queues.call-requests-url}") String callRequests,
            @Value("${queues.call-requests-dlq-url}") String callRequestsDeadLetters,
            @Value("${queues.call-events-url}") String callEvents,
            @Value("${queues.call-events-dlq-url}") String callEventsDeadLetters) {
        var queues = new LinkedHashMap<String, Queue>();
        queues.put("call-requests", new Queue(callRequests, callRequestsDeadLetters));
        queues.put("call-events", new Queue(callEvents, callEventsDeadLetters));
        return new DeadLetterQueues(sqs, redaction, queues);
    }
}
