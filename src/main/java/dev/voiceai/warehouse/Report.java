package dev.voiceai.warehouse;

import dev.voiceai.http.FieldError;
import dev.voiceai.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A view of the warehouse as the API shows it.
 *
 * @param view its name
 * @param description what its rows tell
 * @param columns in their order
 * @param filters the query parameters that it can be narrowed down by
 */
public record Report(String view, String description, List<Column> columns, List<String> filters) {

    private static final String DAY = "day_utc";

    /**
     * A column of a view.
     *
     * @param description what it holds, with its unit
     */
    public record Column(String name, String description) {}

    /** A query parameter, the column that it is about, and its condition, in which its value is bound. */
    private record Filter(String name, String column, String condition) {}

    private static final List<Filter> FILTERS = List.of(
            new Filter("from", DAY, "v.day_utc >= CAST(:?from AS DATE)"),
            new Filter("to", DAY, "v.day_utc <= CAST(:?to AS DATE)"),
            new Filter("campaign", "campaign", "v.campaign = :?campaign"));

    Report(String view, String description, List<Column> columns) {
        this(view, description, List.copyOf(columns), FILTERS.stream()
                .filter(filter -> columns.stream().anyMatch(column -> column.name().equals(filter.column)))
                .map(Filter::name).toList());
    }

    /**
     * The statement that reads the rows, the latest day first, and one more than asked for, which tells that there are
     * more. Its words are the view's own; of the query it takes which filters there are, and the limit, a number.
     *
     * @param query what {@code routes/schemas/read-report.json} has passed
     * @throws Problem status 422 for a filter that the view has no column for, and for {@code to} before {@code from}
     */
    String statement(Map<String, ?> query) {
        check(query);
        var names = columns.stream().map(Column::name).toList();
        // A DATE goes through the time zone of driver and machine, its text does not.
        var selected = names.stream()
                .map(name -> name.equals(DAY) ? "CAST(v.day_utc AS VARCHAR) AS day_utc" : "v." + name);
        var conditions = FILTERS.stream().filter(filter -> query.containsKey(filter.name)).map(Filter::condition)
                .collect(Collectors.joining(" AND "));
        var order = Stream.concat(Stream.of(DAY).filter(names::contains).map(name -> "v." + name + " DESC"),
                names.stream().filter(name -> !name.equals(DAY)).map(name -> "v." + name + " NULLS LAST"));
        return "SELECT " + selected.collect(Collectors.joining(", ")) + " FROM " + view + " v"
                + (conditions.isEmpty() ? "" : " WHERE " + conditions)
                + " ORDER BY " + order.collect(Collectors.joining(", "))
                + " LIMIT " + (((Number) query.get("limit")).longValue() + 1);
    }

    private void check(Map<String, ?> query) {
        var errors = new ArrayList<FieldError>();
        FILTERS.stream().filter(filter -> query.containsKey(filter.name) && !filters.contains(filter.name))
                .forEach(filter -> errors.add(new FieldError("/" + filter.name, "unsupported_filter",
                        "is no filter of this report, which has no column " + filter.column)));
        if (query.get("from") instanceof String from && query.get("to") instanceof String to && to.compareTo(from) < 0) {
            errors.add(new FieldError("/to", "before_from", "must not be before from"));
        }
        if (!errors.isEmpty()) {
            throw Problem.validation(errors);
        }
    }
}
