package dev.voiceai.routes;

import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.FileSystemUtils;

/**
 * {@code java -jar voice-ai.jar validate}: everything that can be said against a routes folder and the settings, without
 * a call, a message or a real system: routes, API contract, schemas, SQL and settings. It is for the CI of those who
 * change routes.
 */
public final class ValidateCommand {

    private static final List<String> NOTHING_RUNS = List.of("--server.port=0", "--server.address=127.0.0.1",
            "--management.server.port=0", "--management.server.address=127.0.0.1", "--routes.reload=false",
            "--routes.check-at-start=false",
            "--camel.main.routes-include-pattern=false", "--logging.level.root=OFF",
            "--queues.call-requests-url=queue:call-requests", "--queues.call-events-url=queue:call-events");

    private final Class<?> application;
    private final PrintStream out;
    private final String[] arguments;
    private final List<Finding> errors = new ArrayList<>();
    private final List<Finding> warnings = new ArrayList<>();

    /**
     * @param application whose settings and beans the routes use
     * @param arguments settings, as the application takes them
     */
    public ValidateCommand(Class<?> application, PrintStream out, String... arguments) {
        this.application = application;
        this.out = out;
        this.arguments = arguments.clone();
    }

    /** @return the exit code: 0 when nothing keeps the system from running */
    public int run() throws IOException {
        Path folder = CommandSettings.routesFolder(arguments);
        if (!Files.isDirectory(folder)) {
            out.println(folder + ": there is no such folder; ROUTES_DIR names it");
            return 1;
        }
        var check = RouteCheck.of(folder);
        errors.addAll(check.refusals());
        warnings.addAll(check.advice());
        if (check.files() != null) {
            errors.addAll(SnowflakeText.findings(check.files()));
            errors.addAll(contract(folder));
            buildAll(check.files());
        }
        errors.forEach(error -> out.println("error   " + error));
        warnings.forEach(warning -> out.println("warning " + warning));
        out.println(folder + ": " + errors.size() + " errors, " + warnings.size() + " warnings");
        return errors.isEmpty() ? 0 : 1;
    }

    private static List<Finding> contract(Path folder) {
        var options = new ParseOptions();
        options.setResolve(true);
        var messages = new OpenAPIV3Parser().readLocation(folder.resolve(RouteFiles.CONTRACT).toUri().toString(), null, options).getMessages();
        return messages == null ? List.of() : messages.stream().map(message -> new Finding(RouteFiles.CONTRACT, 1, message)).toList();
    }

    /** Builds each definition in an application that runs none of them. */
    private void buildAll(RouteFiles files) throws IOException {
        Path data = Files.createTempDirectory("voice-ai-validate-");
        var run = new SpringApplication(application);
        run.setRegisterShutdownHook(false);
        run.addListeners((ApplicationListener<ApplicationStartedEvent>) started -> {
            var context = started.getApplicationContext();
            errors.addAll(new LiveRoutes(context.getBean(CamelContext.class)).tryOutAll(files));
            context.close();
            // Ends here, before the application would say that it is ready.
            throw new SpringApplication.AbandonedRunException(context);
        });
        try {
            run.run(Stream.of(Stream.of(arguments), Stream.of(CommandSettings.arguments(CommandSettings.NOTHING_OUTSIDE)),
                            NOTHING_RUNS.stream(), Stream.of("--data.dir=" + data))
                    .flatMap(part -> part).toArray(String[]::new));
        } catch (SpringApplication.AbandonedRunException validated) {
            // That is how it ends.
        } catch (RuntimeException e) {
            errors.add(new Finding("application.yaml", 1, "the settings keep the system from starting: "
                    + NestedExceptionUtils.getMostSpecificCause(e).getMessage().replaceAll("\\s*\\R\\s*", " ")));
        } finally {
            FileSystemUtils.deleteRecursively(data);
        }
    }
}
