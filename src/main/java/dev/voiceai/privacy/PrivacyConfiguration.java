package dev.voiceai.privacy;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PrivacyConfiguration {

    @Bean
    KeyedHash keyedHash(@Value("${privacy.hash-key}") String key) {
        return new KeyedHash(key);
    }

    @Bean
    RevealKeys revealKeys(@Value("${privacy.reveal-keys}") String names) {
        return new RevealKeys(names);
    }
}
