package dev.voiceai.logs;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LogsConfiguration {

    @Bean
    MessageNames messageNames() {
        return new MessageNames();
    }
}
