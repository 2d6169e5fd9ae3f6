package dev.voiceai.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {

    @Bean
    FunctionUrl functionUrl(ObjectMapper json) {
        return new FunctionUrl(json, Clock.systemUTC());
    }
}
