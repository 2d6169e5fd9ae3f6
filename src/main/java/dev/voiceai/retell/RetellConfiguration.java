package dev.voiceai.retell;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RetellConfiguration {

    @Bean
    DialAnswers dialAnswers(ObjectMapper json) {
        return new DialAnswers(json);
    }

    @Bean
    RetryAfter retryAfter() {
        return new RetryAfter();
    }

    @Bean
    UnknownLookups unknownLookups(@Value("${retell.unknown-lookups}") String setting) {
        return new UnknownLookups(setting);
    }

    @Bean
    Pacing pacing(
            @Value("${retell.calls-per-second}") double callsPerSecond, @Value("${retell.probe-period}") String probePeriod) {
        return new Pacing(callsPerSecond, Duration.parse(probePeriod));
    }

    @Bean
    WebhookSignature webhookSignature(@Value("${retell.webhook-keys}") String keys) {
        return new WebhookSignature(keys, Clock.systemUTC());
    }
}
