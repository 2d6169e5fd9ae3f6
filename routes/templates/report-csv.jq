# The rows of a report's JSON as CSV (RFC 4180), under a line with the names of the columns. A spreadsheet runs a text that
# begins with one of these characters as a formula, and campaigns are named by others: such a text gets an apostrophe.
def plain: if type == "string" and test("^[=+@\\-\\t\\r\\n＝＋＠－]") then "'" + . else . end;

[.columns[].name] as $names
| [$names, (.items[] | [.[$names[]] | plain])]
| map(@csv + "\r\n")
| add
