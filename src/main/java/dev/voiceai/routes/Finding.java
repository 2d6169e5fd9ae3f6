package dev.voiceai.routes;

/**
 * Something that is wrong in the routes folder.
 *
 * @param file relative to the folder, such as {@code sql/insert-request.sql}
 * @param line counted from 1; 1 also where no line is known
 * @param message a sentence for whoever edits the file; it names what the file says, never the value of a setting
 */
public record Finding(String file, int line, String message) {

    @Override
    public String toString() {
        return file + ":" + line + ": " + message;
    }
}
