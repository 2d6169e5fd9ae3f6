package dev.voiceai.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.voiceai.routes.RouteFiles.Definition;
import dev.voiceai.routes.RouteFiles.Document;
import dev.voiceai.routes.RouteFiles.Word;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the routes that the {@code templatedRoute} elements of a folder stand for. Camel would make them too, but only
 * at its start, and would then know no more which file and line they come from; made here, they are checked, changed
 * while the system runs and drawn like any other route, and what is checked is what runs.
 *
 * <p>{@code {{name}}} in a template is the parameter of that name, {@code {{routeId}}} the id of the route that is made;
 * any other placeholder is a setting, which Camel resolves. A field that is {@code {{?name}}} is left out where the
 * parameter is not given.
 *
 * @see <a href="https://camel.apache.org/manual/route-template.html">Camel: route templates</a>
 */
final class RouteTemplates {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\??)([\\w-]+)}}");
    private static final String ROUTE_ID = "routeId";

    /**
     * A route that is made of a template.
     *
     * @param template the element {@code routeTemplate}
     * @param written the element {@code templatedRoute}
     */
    record Instance(Definition template, Definition written) {

        /** What is wrong at a place of the route: in the template, or in the parameter that is put in there. */
        Finding at(String path, JsonNode node, String message) {
            JsonNode inTemplate = template.content().at("/route" + path);
            if (!path.isEmpty() && inTemplate.equals(node)) {
                return found(template, "/route" + path, message);
            }
            String said = message + " (template " + template.id() + ")";
            return path.isEmpty() ? found(written, "", said)
                    : parameters(inTemplate).flatMap(this::given).findFirst()
                            .map(parameter -> found(written, parameter, said))
                            .orElseGet(() -> found(template, "/route" + path, message));
        }

        private static Finding found(Definition definition, String path, String message) {
            Document document = definition.document();
            String place = "/" + definition.index() + "/" + definition.kind() + path;
            return new Finding(document.file(), path.isEmpty() ? definition.line() : document.source().line(place), message);
        }

        /** The path of a parameter's value in the templated route, if it has one. */
        private Stream<String> given(String name) {
            JsonNode given = written.content().path("parameters");
            return IntStream.range(0, given.size()).filter(i -> given.get(i).path("name").asText().equals(name))
                    .mapToObj(i -> "/parameters/" + i + "/value");
        }

        String yaml(JsonNode route, UnaryOperator<String> names) {
            JsonNode renamed = route.deepCopy();
            RouteFiles.below(new RouteFiles.Place("", "", renamed)).filter(place -> place.node().path("id").isTextual())
                    .forEach(place -> ((ObjectNode) place.node()).put("id", names.apply(place.text("id"))));
            ((ObjectNode) renamed.path("from")).put("uri", names.apply(renamed.at("/from/uri").asText()));
            return text(JsonNodeFactory.instance.arrayNode().add(JsonNodeFactory.instance.objectNode().set("route", renamed)));
        }

        List<Word> words() {
            return Stream.concat(template.written().stream(), written.written().stream()).toList();
        }
    }

    private final List<Document> expanded = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Definition> templates = new HashMap<>();

    /** @param written the files as they are */
    RouteTemplates(List<Document> written) {
        written.forEach(document -> IntStream.range(0, document.content().size())
                .filter(index -> document.content().get(index).has("routeTemplate"))
                .mapToObj(index -> new Definition(document, index, "routeTemplate"))
                .forEach(template -> templates.put(template.id(), template)));
        written.forEach(document -> expanded.add(expand(document)));
    }

    /** The files with routes in the place of templated routes, and with nothing in the place of templates. */
    List<Document> expanded() {
        return expanded;
    }

    /** Unknown templates, and parameters that are missing or unknown. */
    List<Finding> findings() {
        return findings;
    }

    /** The same for one file that is read by itself. */
    String text(Document document) {
        ArrayNode left = JsonNodeFactory.instance.arrayNode();
        expand(document).content().forEach(element -> {
            if (!element.isEmpty()) {
                left.add(element);
            }
        });
        return text(left);
    }

    private static String text(JsonNode content) {
        try {
            return YAML.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Document expand(Document document) {
        if (!document.content().isArray()) {
            return document;
        }
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        Map<Integer, Instance> instances = new HashMap<>();
        for (int index = 0; index < document.content().size(); index++) {
            JsonNode element = document.content().get(index);
            ObjectNode left = content.objectNode();
            if (element.has("templatedRoute")) {
                var written = new Definition(document, index, "templatedRoute");
                Definition template = templates.get(written.content().path("routeTemplateRef").asText());
                if (isComplete(template, written)) {
                    left.set("route", route(template, written));
                    instances.put(index, new Instance(template, written));
                }
            }
            content.add(element.has("templatedRoute") || element.has("routeTemplate") ? left : element);
        }
        return instances.isEmpty() && content.equals(document.content()) ? document
                : new Document(document.file(), content, document.source(), instances);
    }

    /** Whether the route can be made; if not, the findings say why. */
    private boolean isComplete(Definition template, Definition written) {
        int before = findings.size();
        if (template == null) {
            refuse(written, "/routeTemplateRef", "there is no route template " + written.content().path("routeTemplateRef").asText());
            return false;
        }
        if (written.content().path(ROUTE_ID).asText().isEmpty()) {
            refuse(written, "", "the route of template " + template.id() + " has no routeId");
        }
        for (String unread : List.of("beans", "prefixId")) {
            if (written.content().has(unread)) {
                refuse(written, "/" + unread, unread + " of a templated route is not supported");
            }
        }
        if (!template.content().has("route") || template.content().has("beans")) {
            refuse(template, "", "a route template is a route with parameters, without beans");
        }
        checkParameters(template, written);
        return findings.size() == before;
    }

    private void checkParameters(Definition template, Definition written) {
        Map<String, JsonNode> declared = declared(template);
        JsonNode parameters = written.content().path("parameters");
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).path("name").asText();
            String value = parameters.get(i).path("value").asText();
            JsonNode parameter = declared.get(name);
            if (parameter == null) {
                refuse(written, "/parameters/" + i + "/name", "template " + template.id() + " has no parameter " + name
                        + ", only " + String.join(", ", declared.keySet()));
            } else if (isDuration(parameter.path("defaultValue").asText()) && !isDuration(value) && !value.contains("{{")) {
                refuse(written, "/parameters/" + i + "/value", name + " is no duration such as "
                        + parameter.path("defaultValue").asText());
            }
        }
        Set<String> given = given(written).keySet();
        declared.forEach((name, parameter) -> {
            if (!given.contains(name) && !parameter.has("defaultValue") && parameter.path("required").asBoolean(true)) {
                refuse(written, "", "template " + template.id() + " needs the parameter " + name);
            }
        });
    }

    /** A parameter whose default is a duration takes nothing else; Camel would say so only when a message meets it. */
    private static boolean isDuration(String text) {
        try {
            return !Duration.parse(text).isNegative();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private void refuse(Definition definition, String path, String message) {
        findings.add(Instance.found(definition, path, message));
    }

    private static Map<String, JsonNode> declared(Definition template) {
        return byName(template.content().path("parameters"));
    }

    private static Map<String, JsonNode> given(Definition written) {
        return byName(written.content().path("parameters"));
    }

    private static Map<String, JsonNode> byName(JsonNode parameters) {
        Map<String, JsonNode> named = new LinkedHashMap<>();
        parameters.forEach(parameter -> named.put(parameter.path("name").asText(), parameter));
        return named;
    }

    private static JsonNode route(Definition template, Definition written) {
        Map<String, String> values = new HashMap<>();
        values.put(ROUTE_ID, written.content().path(ROUTE_ID).asText());
        Map<String, JsonNode> given = given(written);
        declared(template).forEach((name, parameter) -> {
            if (given.containsKey(name)) {
                values.put(name, given.get(name).path("value").asText());
            } else if (parameter.has("defaultValue")) {
                values.put(name, fill(parameter.path("defaultValue").asText(), values));
            }
        });
        ObjectNode route = JsonNodeFactory.instance.objectNode().put("id", values.get(ROUTE_ID));
        ((ObjectNode) fill(template.content().path("route"), values)).properties().stream()
                .filter(field -> !field.getKey().equals("id")).forEach(field -> route.set(field.getKey(), field.getValue()));
        return route;
    }

    private static JsonNode fill(JsonNode node, Map<String, String> values) {
        if (node.isTextual()) {
            return TextNode.valueOf(fill(node.asText(), values));
        }
        if (node.isArray()) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> filled.add(fill(element, values)));
            return filled;
        }
        if (node.isObject()) {
            ObjectNode filled = JsonNodeFactory.instance.objectNode();
            node.properties().stream().filter(field -> !isLeftOut(field.getValue(), values))
                    .forEach(field -> filled.set(field.getKey(), fill(field.getValue(), values)));
            return filled;
        }
        return node;
    }

    private static String fill(String text, Map<String, String> values) {
        return PLACEHOLDER.matcher(text).replaceAll(found ->
                Matcher.quoteReplacement(values.getOrDefault(found.group(2), found.group())));
    }

    private static boolean isLeftOut(JsonNode value, Map<String, String> values) {
        Matcher optional = PLACEHOLDER.matcher(value.asText());
        return optional.matches() && !optional.group(1).isEmpty() && !values.containsKey(optional.group(2));
    }

    /** The names that stand in placeholders of texts below. */
    private static Stream<String> parameters(JsonNode node) {
        return RouteFiles.below(new RouteFiles.Place("", "", node)).filter(place -> place.node().isTextual())
                .flatMap(place -> PLACEHOLDER.matcher(place.node().asText()).results().map(found -> found.group(2)));
    }
}
