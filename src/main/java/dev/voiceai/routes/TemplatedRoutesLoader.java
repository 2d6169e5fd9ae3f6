package dev.voiceai.routes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.voiceai.routes.RouteFiles.Document;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/**
 * Loads route files at the start of Camel, with the routes that {@link RouteTemplates} makes in place of the templated
 * ones. Camel finds it by its type and file extension.
 */
final class TemplatedRoutesLoader extends YamlRoutesBuilderLoader {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Path folder;
    /** Read for the first file that has a templated route; all are loaded one after the other, at the start. */
    private RouteFiles files;

    /** @param folder where the templates are */
    TemplatedRoutesLoader(Path folder) {
        this.folder = folder;
    }

    @Override
    public RoutesBuilder loadRoutesBuilder(Resource resource) throws Exception {
        String text;
        try (InputStream content = resource.getInputStream()) {
            text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!text.contains("templatedRoute")) {
            return super.loadRoutesBuilder(resource);
        }
        if (files == null) {
            files = RouteFiles.read(folder);
        }
        var written = new Document(resource.getLocation(), YAML.readTree(text), null, Map.of());
        return super.loadRoutesBuilder(ResourceHelper.fromString(resource.getLocation(), files.expandedText(written)));
    }
}
