package dev.voiceai.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Values that must never come out. Each is planted in one place only, so that a hit tells where it came in, and looks like
 * nothing else, so that a hit is no accident.
 */
final class Canaries {
    private static final String AREA = "+1206555";
    private static final int FIRST_LINE = 7001;
    /** What may stand between the digits of a number: "(206) 555-7001", "206.555.7001". */
    private static final String BETWEEN_DIGITS = "[^0-9a-zA-Z]{0,2}";

    /** How each can be spelled, by what it stands for. */
    private final Map<String, Pattern> planted = new LinkedHashMap<>();
    private int numbers;

    /** A number that can exist, E.164. It is found in every spelling, with country code or without. */
    String number(String what) {
        var number = AREA + (FIRST_LINE + numbers++);
        remember(what, number.substring(2).chars().mapToObj(digit -> String.valueOf((char) digit))
                .collect(Collectors.joining(BETWEEN_DIGITS)));
        return number;
    }

    /** A word that no language has, such as a name; also good as a secret. */
    String word(String what) {
        var word = new StringBuilder("quokka");
        for (int rest = planted.size(), i = 0; i < 4; i++, rest /= 20) {
            word.append("bcdfghjklmnpqrstvwxz".charAt(rest % 20));
        }
        return plant(what, word.toString());
    }

    /** A value that somebody else has made, such as a signature. */
    String plant(String what, String value) {
        remember(what, Pattern.quote(value));
        return value;
    }

    private void remember(String what, String spellings) {
        var known = planted.putIfAbsent(what, Pattern.compile(spellings, Pattern.CASE_INSENSITIVE));
        if (known != null) {
            throw new IllegalArgumentException("planted twice: " + what);
        }
    }

    /** What is planted so far. */
    List<String> all() {
        return List.copyOf(planted.keySet());
    }

    /** Which of them a text shows, each with the line. */
    List<String> in(String text) {
        var found = new ArrayList<String>();
        planted.forEach((what, spellings) -> {
            var match = spellings.matcher(text);
            if (match.find()) {
                int from = text.lastIndexOf('\n', match.start()) + 1;
                int to = text.indexOf('\n', match.end());
                found.add(what + ": " + text.substring(from, to < 0 ? text.length() : to));
            }
        });
        return found;
    }

    /** Which of them a text shows, by what they stand for. */
    TreeSet<String> namesIn(String text) {
        return in(text).stream().map(hit -> hit.substring(0, hit.indexOf(": "))).collect(Collectors.toCollection(TreeSet::new));
    }
}
