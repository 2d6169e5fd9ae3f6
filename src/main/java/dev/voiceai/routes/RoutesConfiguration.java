package dev.voiceai.routes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RoutesConfiguration {

    @Bean
    RouteFolder routeFolder(
            @Value("${routes.dir}") Path folder,
            @Value("${routes.check-at-start}") boolean check,
            @Value("${routes.reload}") boolean reload,
            @Value("${data.dir}") Path data,
            ObjectMapper json,
            CamelContext camel,
            @Qualifier("ledger") DataSource ledger) {
        return new RouteFolder(folder, check, reload, data, Clock.systemUTC(), json, camel, new LedgerStatements(ledger));
    }

    @Bean
    TemplatedRoutesLoader templatedRoutesLoader(@Value("${routes.dir}") Path folder, CamelContext camel) {
        var loader = new TemplatedRoutesLoader(folder);
        loader.setCamelContext(camel);
        loader.start();
        return loader;
    }

    /** A route that takes over from another counts under the name that both have. */
    @Bean
    MeterFilter takeoversCountAsTheirRoute() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                String route = id.getTag("routeId");
                return route != null && route.contains("@")
                        ? id.replaceTags(Stream.concat(
                                id.getTags().stream().filter(tag -> !tag.getKey().equals("routeId")),
                                Stream.of(Tag.of("routeId", route.replaceFirst("@.*", "")))).toList())
                        : id;
            }
        };
    }
}
