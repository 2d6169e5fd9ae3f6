package dev.voiceai.tasks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TasksConfiguration {

    @Bean
    TaskTypes taskTypes(@Value("${routes.dir}") Path routes, ObjectMapper json) {
        return new TaskTypes(routes, json);
    }
}
