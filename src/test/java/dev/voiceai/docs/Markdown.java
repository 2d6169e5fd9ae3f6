package dev.voiceai.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Markdown page, as far as tests compare it with what it tells of: sections, tables, code and links. */
record Markdown(Path file, String text) {
    private static final Pattern HEADING = Pattern.compile("(?m)^(#+) (.+)$");
    private static final Pattern CODE = Pattern.compile("(?ms)^[ ]*```(\\w*)\\n(.*?)^[ ]*```$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");

    static Markdown read(String file) {
        Path path = Path.of(file);
        try {
            return new Markdown(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands under a heading, up to the next one of the same or a higher level. */
    Markdown section(String title) {
        Matcher start = Pattern.compile("(?m)^(#+) " + Pattern.quote(title) + "$").matcher(text);
        if (!start.find()) {
            throw new AssertionError(file + " has no section \"" + title + "\"");
        }
        String body = text.substring(start.end());
        Matcher next = HEADING.matcher(body);
        while (next.find()) {
            if (next.group(1).length() <= start.group(1).length()) {
                return new Markdown(file, body.substring(0, next.start()));
            }
        }
        return new Markdown(file, body);
    }

    /** The cells of every table row, without heads. */
    List<List<String>> rows() {
        List<String> lines = withoutCode().lines().toList();
        return lines.stream()
                .filter(line -> line.startsWith("|") && !isRule(line))
                .filter(line -> !isHead(lines, lines.indexOf(line)))
                .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
                .toList();
    }

    /** The tables as they stand, head and all. */
    String tables() {
        return withoutCode().lines().filter(line -> line.startsWith("|")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static boolean isRule(String line) {
        return line.matches("[|:\\- ]+");
    }

    private static boolean isHead(List<String> lines, int index) {
        return index + 1 < lines.size() && lines.get(index + 1).startsWith("|") && isRule(lines.get(index + 1));
    }

    /** The code blocks of one language. */
    List<String> code(String language) {
        return CODE.matcher(text).results().filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2)).toList();
    }

    /** What stands between single back-ticks. */
    List<String> spans() {
        return codes(withoutCode());
    }

    /** What stands between single back-ticks in a text. */
    static List<String> codes(String text) {
        return SPAN.matcher(text).results().map(span -> span.group(1)).toList();
    }

    private String withoutCode() {
        return CODE.matcher(text).replaceAll("");
    }

    List<String> links() {
        return LINK.matcher(withoutCode()).results().map(link -> link.group(1)).toList();
    }

    /** The anchors that GitHub makes of the headings. */
    Set<String> anchors() {
        return HEADING.matcher(withoutCode()).results().map(Markdown::anchor).collect(Collectors.toSet());
    }

    private static String anchor(MatchResult heading) {
        return heading.group(2).toLowerCase(Locale.ROOT).replaceAll("[^\\p{Alnum} -]", "").replace(' ', '-');
    }
}
