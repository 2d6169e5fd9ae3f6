package dev.voiceai.settings;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/** Settings whose names are data, such as one row for each country. */
public final class SettingRows {

    private final Environment environment;

    public SettingRows(Environment environment) {
        this.environment = environment;
    }

    /**
     * The rows under {@code name}, by their names as they are written; empty when there are none. Fields are text: what
     * is wrong with one is for the reader of the rows to say.
     *
     * @param type {@code String}, or a record whose components are the fields of a row
     * @throws StartFailure when a row has another shape, or a field that the record does not have
     */
    public <T> Map<String, T> read(String name, Class<T> type) {
        // Not of environment variables and system properties, since some of those belong to others.
        var noOtherFields = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        try {
            return Binder.get(environment)
                    .bind(name, Bindable.mapOf(String.class, type), noOtherFields)
                    .orElse(Map.of());
        } catch (BindException failure) {
            // YAML whose rows are all commented out.
            if (name.equals(failure.getName().toString()) && "".equals(environment.getProperty(name))) {
                return Map.of();
            }
            throw new StartFailure(
                    "The settings under " + name + " are not valid: " + where(failure) + " has not the shape of a row.",
                    "Write it like the rows of application.yaml as it was shipped.");
        }
    }

    private static String where(BindException failure) {
        return failure.getCause() instanceof UnboundConfigurationPropertiesException unbound
                ? unbound.getUnboundProperties().stream()
                        .map(property -> asWritten(property.getName()))
                        .collect(Collectors.joining(", "))
                : asWritten(failure.getName());
    }

    /** Its own toString leaves out underscores. */
    private static String asWritten(ConfigurationPropertyName name) {
        return IntStream.range(0, name.getNumberOfElements())
                .mapToObj(element -> name.getElement(element, Form.ORIGINAL))
                .collect(Collectors.joining("."));
    }
}
