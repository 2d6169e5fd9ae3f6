package dev.voiceai.routes;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The text of a YAML file, with the place of everything in it. Paths are JSON Pointers. */
public final class SourceText {

    private final String text;
    private final Map<String, Node> nodes = new HashMap<>();
    /** Of the fields of an object: the line that names them, counted from 0. */
    private final Map<String, Integer> fields = new HashMap<>();
    private final Node root;

    private SourceText(String text) {
        this.text = text;
        this.root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        if (root != null) {
            collect("", root);
        }
    }

    /** @throws UncheckedIOException when the file can't be read */
    public static SourceText of(Path file) {
        try {
            return new SourceText(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The line, counted from 1, of the deepest place on this path that the file has. */
    public int line(String path) {
        String place = path;
        while (!nodes.containsKey(place) && !place.isEmpty()) {
            place = place.substring(0, place.lastIndexOf('/'));
        }
        Node node = nodes.get(place);
        return 1 + fields.getOrDefault(place, node == null ? 0 : node.getStartMark().getLine());
    }

    /** The texts of one definition and its endpoint options ({@code name=}) with their lines; prose is left out. */
    List<Map.Entry<String, Integer>> words(int index) {
        List<Map.Entry<String, Integer>> words = new ArrayList<>();
        nodes.forEach((path, node) -> {
            if (path.startsWith("/" + index + "/") && !path.matches(".*/(description|note|id)")) {
                int line = node.getStartMark().getLine() + 1;
                boolean templated = path.startsWith("/" + index + "/templatedRoute/");
                if (node instanceof ScalarNode value && !(templated && !path.endsWith("/value"))) {
                    words.add(Map.entry(value.getValue(), line));
                }
                if (path.contains("/parameters/") && !templated) {
                    words.add(Map.entry(path.substring(path.lastIndexOf('/') + 1) + "=", line));
                }
            }
        });
        words.sort(Map.Entry.comparingByValue());
        return words;
    }

    /**
     * The file with only one definition left, on the same lines, so that what Camel says about it fits the file.
     *
     * @param index of the definition
     * @param names gives ids and the name of what the route consumes another value
     */
    String only(int index, UnaryOperator<String> names) {
        StringBuilder changed = new StringBuilder(text);
        List<Node> renamed = new ArrayList<>();
        nodes.forEach((path, node) -> {
            if (Pattern.matches("/" + index + "/\\w+/(.*/)?id|/" + index + "/route/from/uri", path)) {
                renamed.add(node);
            }
        });
        renamed.sort((a, b) -> b.getStartMark().getIndex() - a.getStartMark().getIndex());
        for (Node name : renamed) {
            changed.replace(offset(name.getStartMark().getIndex()), offset(name.getEndMark().getIndex()),
                    "\"" + names.apply(((ScalarNode) name).getValue()) + "\"");
        }
        List<Node> definitions = ((SequenceNode) root).getValue();
        int first = definitions.get(index).getStartMark().getLine();
        List<String> lines = changed.toString().lines().toList();
        int end = index + 1 < definitions.size() ? definitions.get(index + 1).getStartMark().getLine() : lines.size();
        return "\n".repeat(first) + String.join("\n", lines.subList(first, end));
    }

    /** Marks count code points, texts count UTF-16. */
    private int offset(int codePoints) {
        return text.offsetByCodePoints(0, codePoints);
    }

    private void collect(String path, Node node) {
        nodes.put(path, node);
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(field -> {
                if (field.getKeyNode() instanceof ScalarNode key) {
                    fields.put(path + "/" + key.getValue(), key.getStartMark().getLine());
                    collect(path + "/" + key.getValue(), field.getValueNode());
                }
            });
        } else if (node instanceof SequenceNode sequence) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                collect(path + "/" + i, sequence.getValue().get(i));
            }
        }
    }
}
