package dev.voiceai.embedded;

import dev.voiceai.routes.Boxes;
import dev.voiceai.settings.DerivedSettings;
import dev.voiceai.settings.RequiredSettings;
import java.util.LinkedHashMap;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * Before the application's beans exist: finds which settings are absent, starts the stand-ins for them and adds the
 * settings that lead there. The stand-ins stop after every bean, also when the start fails.
 *
 * <p>With the profile {@code production} nothing starts here, and missing settings are an error.
 */
public final class EmbeddedPartsInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var environment = context.getEnvironment();
        var settings = new LinkedHashMap<String, Object>();
        // First, yet it overrides nobody: apart from the folders it holds only what is not set.
        environment.getPropertySources().addFirst(new MapPropertySource("embedded parts", settings));
        settings.putAll(DerivedSettings.folders(environment));
        settings.putAll(Boxes.settings(environment));
        if (environment.acceptsProfiles(Profiles.of("production"))) {
            RequiredSettings.checkProduction(environment);
        } else {
            RequiredSettings.checkMixed(environment);
            startParts(context, settings);
        }
        settings.putAll(DerivedSettings.rest(environment));
    }

    private static void startParts(ConfigurableApplicationContext context, LinkedHashMap<String, Object> settings) {
        var parts = new EmbeddedParts(context, settings);
        try {
            parts.start();
        } catch (RuntimeException | Error e) {
            parts.close();
            throw e;
        }
        var beans = (DefaultListableBeanFactory) context.getBeanFactory();
        // Registered before any other bean, so destroyed after all of them.
        beans.registerDisposableBean("embeddedParts", parts::close);
        beans.registerSingleton("embeddedSqsStart", new SqsStart(parts));
        context.addApplicationListener(parts);
    }
}
