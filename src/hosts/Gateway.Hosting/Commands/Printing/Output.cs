using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>The forms in which a verb prints its result.</summary>
internal enum OutputFormat
{
    /// <summary>Aligned columns and sentences, for people.</summary>
    Table,

    /// <summary>The JSON of the admin API.</summary>
    Json,

    /// <summary>JSON Lines: the same JSON, with each item of a list on a line of its own.</summary>
    JsonL,

    /// <summary>The fields of RFC 4180, a row a line, after a line of heads.</summary>
    Csv,
}

/// <summary>
/// The output of a verb, in the format that the command line names. It never contains a control code.
/// </summary>
internal sealed class Output(TextWriter writer, OutputFormat format, Paint? paint = null)
{
    private const string Csv = "csv";
    private const string JsonLines = "jsonl";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // Terminal output is not HTML, so names stay readable. Unsafe characters are escaped afterwards.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions OnOneLine = new(Readable) { WriteIndented = false };

    // Columns that contain a state. In other columns, a name that happens to be such a word stays plain.
    private static readonly string[] StateHeads = ["", "STATUS", "STATE", "OUTCOME", "RISK", "GRANT MAY", "HEALTH"];

    // The length to which a table shortens the texts of these columns; CSV has the whole texts.
    private static readonly Dictionary<string, int> LengthMax = new(StringComparer.Ordinal)
    {
        ["SHA256"] = 12,
        ["SESSION"] = 12,
        ["CONNECTION"] = 12,
    };

    private readonly Paint _paint = paint ?? Paint.None;

    public static readonly Option<string?> FormatOption = CreateFormat();

    /// <summary>The earlier form of <c>--output json</c>.</summary>
    public static readonly Option<bool> JsonOption = new("--json") { Description = "The same as --output json." };

    public bool IsJson => format is OutputFormat.Json or OutputFormat.JsonL;

    public bool IsCsv => format == OutputFormat.Csv;

    public Paint Paint => _paint;

    public TextWriter Writer => writer;

    /// <summary>Adds the options that choose the output format to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="hasRows">True if the result consists of rows, which can be printed as CSV.</param>
    public static void AddOptions(Command verb, bool hasRows)
    {
        verb.Add(FormatOption);
        verb.Add(JsonOption);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(FormatOption) is not { } written)
                return;
            if (result.GetValue(JsonOption) && written is not ("json" or JsonLines))
                result.AddError($"--json and --output {written} exclude each other.");
            else if (written == Csv && !hasRows)
                result.AddError($"\"{verb.Name}\" prints no rows; use --output table, json or jsonl.");
        });
    }

    /// <summary>Returns standard output in the format that the command line names.</summary>
    public static Output For(ParseResult parsed) => new(
        Console.Out,
        Enum.Parse<OutputFormat>(
            parsed.GetValue(FormatOption) ?? (parsed.GetValue(JsonOption) ? "json" : "table"), ignoreCase: true),
        Paint.For(parsed));

    /// <summary>Prints JSON if it was requested, otherwise a sentence.</summary>
    public void Say(string sentence, JsonNode? json)
    {
        if (IsJson)
            Json(json ?? new JsonObject());
        else
            Line(sentence);
    }

    /// <summary>Prints a sentence about the rows; omitted in CSV, which has no place for it.</summary>
    public void Note(string sentence)
    {
        if (format == OutputFormat.Table)
            Line(sentence);
    }

    /// <summary>Prints exactly one line: text from a server or an agent cannot start another.</summary>
    public void Line(string text) => writer.WriteLine(VisibleText.Of(text));

    /// <summary>Prints a line that contains a state word.</summary>
    public void Line(string before, string state, string after) =>
        writer.WriteLine(VisibleText.Of(before) + _paint.State(VisibleText.Of(state)) + VisibleText.Of(after));

    /// <summary>Prints several lines of the program's own text.</summary>
    public void Lines(string text)
    {
        foreach (var line in text.Split('\n'))
            Line(line);
    }

    // Only strings contain such characters, and there the escapes mean the same characters.
    public void Json(JsonNode json)
    {
        if (format != OutputFormat.JsonL)
            Lines(json.ToJsonString(Readable));
        else if (json is JsonArray items)
            items.ToList().ForEach(item => Line(item?.ToJsonString(OnOneLine) ?? "null"));
        else
            Line(json.ToJsonString(OnOneLine));
    }

    /// <summary>Prints one line per fact and omits those without a value; in CSV, one row with all of them.</summary>
    public void Facts(JsonNode json, params (string Name, string? Value)[] facts)
    {
        if (IsJson)
        {
            Json(json);
            return;
        }

        if (IsCsv)
        {
            CsvRow(facts.Select(static fact => fact.Name));
            CsvRow(facts.Select(static fact => fact.Value));
            return;
        }

        var width = facts.Max(static fact => fact.Name.Length);
        foreach (var (name, value) in facts)
        {
            if (value is null)
                continue;
            var text = name == "status" ? _paint.State(Cell(value)) : Cell(value);
            writer.WriteLine($"{name.PadRight(width)}  {text}");
        }
    }

    /// <summary>Prints one row per item; in JSON, the items as the gateway sent them.</summary>
    public void List<T>(
        IReadOnlyList<Reply<T>> items, string whenEmpty, params (string Head, Func<T, string?> Cell)[] columns)
    {
        if (IsJson)
            Json(new JsonArray([.. items.Select(static item => item.Json.DeepClone())]));
        else
            Table(items.Select(static item => item.Value), whenEmpty, columns);
    }

    /// <summary>Prints one row per item.</summary>
    public void Table<T>(
        IEnumerable<T> items, string whenEmpty, params (string Head, Func<T, string?> Cell)[] columns)
    {
        List<string?[]> rows = [.. items.Select(item => columns.Select(column => column.Cell(item)).ToArray())];
        if (IsCsv)
        {
            CsvRow(columns.Select(static column => column.Head.ToLowerInvariant()));
            rows.ForEach(CsvRow);
        }
        else if (rows.Count == 0)
            writer.WriteLine(whenEmpty);
        else
        {
            Rows(
            [
                [.. columns.Select(static column => column.Head)],
                .. rows.Select(row => row.Select((cell, at) => Cell(Short(columns[at].Head, cell ?? "-"))).ToArray()),
            ]);
        }
    }

    /// <summary>Prints a line of CSV, for rows that arrive one at a time.</summary>
    public void CsvRow(IEnumerable<string?> cells) => writer.WriteLine(string.Join(',', cells.Select(Quoted)));

    private static Option<string?> CreateFormat()
    {
        var option = new Option<string?>("--output")
        {
            Description = "The form of the result: table (the default), json, jsonl (each item on its own line), or "
                + "csv if the result has rows.",
            HelpName = "FORM",
        };
        option.AcceptOnlyFromAmong("table", "json", JsonLines, Csv);
        return option;
    }

    /// <summary>
    /// Returns a field in the form of RFC 4180. A spreadsheet would evaluate a text that begins like a formula, and
    /// agents choose some of these texts: an apostrophe turns it back into text.
    /// </summary>
    private static string Quoted(string? text)
    {
        var shown = VisibleText.Of(text ?? "");
        if (shown is ['=' or '+' or '-' or '@', ..])
            shown = "'" + shown;
        return shown.AsSpan().ContainsAny(',', '"') ? $"\"{shown.Replace("\"", "\"\"")}\"" : shown;
    }

    private void Rows(List<string[]> rows)
    {
        var columns = Enumerable.Range(0, rows[0].Length);
        var widths = columns.Select(column => rows.Max(row => row[column].Length)).ToArray();
        var isState = rows[0].Select(static head => StateHeads.Contains(head)).ToArray();
        var last = widths.Length - 1;
        for (var i = 0; i < rows.Count; i++)
        {
            var isHead = i == 0;
            writer.WriteLine(string.Join("  ", rows[i].Select((cell, column) =>
            {
                var padded = column == last ? cell : cell.PadRight(widths[column]);
                return isHead ? _paint.Head(padded) : isState[column] ? _paint.State(padded) : padded;
            })).TrimEnd());
        }
    }

    private static string Short(string head, string text) =>
        text.Length > LengthMax.GetValueOrDefault(head, int.MaxValue) ? text[..LengthMax[head]] : text;

    // A run of spaces would look like the end of a column, or of the row in a terminal that wraps.
    private static string Cell(string text) => VisibleText.Of(text).Replace("  ", " \u2423", StringComparison.Ordinal);
}
