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

    /// <summary>The fields of RFC 4180, a row a line, after a line of heads.</summary>
    Csv,
}

/// <summary>Prints the result of a verb in the form that the command line names. Never a control code.</summary>
internal sealed class Output(TextWriter writer, OutputFormat format, Paint? paint = null)
{
    private const string Csv = "csv";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // A terminal is no HTML page; names stay readable, and what nobody should see raw is escaped afterwards.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Columns that say how something stands; a name that happens to be such a word stays plain.
    private static readonly string[] StateHeads = ["", "STATUS", "STATE", "OUTCOME", "RISK", "GRANT MAY", "HEALTH"];

    private readonly Paint _paint = paint ?? Paint.None;

    /// <summary>The form, by name.</summary>
    public static readonly Option<string?> FormatOption = CreateFormat();

    /// <summary>The older way to write <c>--output json</c>.</summary>
    public static readonly Option<bool> JsonOption = new("--json") { Description = "The same as --output json." };

    public bool IsJson => format == OutputFormat.Json;

    public bool IsCsv => format == OutputFormat.Csv;

    public Paint Paint => _paint;

    public TextWriter Writer => writer;

    /// <summary>Adds the options that choose the form to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="hasRows">Whether its result is rows, which can be printed as CSV.</param>
    public static void AddOptions(Command verb, bool hasRows)
    {
        verb.Add(FormatOption);
        verb.Add(JsonOption);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(FormatOption) is not { } written)
                return;
            if (result.GetValue(JsonOption) && written != "json")
                result.AddError($"--json and --output {written} exclude each other.");
            else if (written == Csv && !hasRows)
                result.AddError($"\"{verb.Name}\" prints no rows; write --output table or json.");
        });
    }

    /// <summary>Standard output, in the form that the command line names.</summary>
    public static Output For(ParseResult parsed) => new(
        Console.Out,
        parsed.GetValue(JsonOption) ? OutputFormat.Json
            : Enum.Parse<OutputFormat>(parsed.GetValue(FormatOption) ?? "table", ignoreCase: true),
        Paint.For(parsed));

    /// <summary>JSON where it was asked for, else a sentence.</summary>
    public void Say(string sentence, JsonNode? json)
    {
        if (IsJson)
            Json(json ?? new JsonObject());
        else
            Line(sentence);
    }

    /// <summary>A sentence beside the rows, which CSV has no place for.</summary>
    public void Note(string sentence)
    {
        if (format == OutputFormat.Table)
            Line(sentence);
    }

    /// <summary>One line, whatever stands in it: what a server or an agent wrote begins no other.</summary>
    public void Line(string text) => writer.WriteLine(VisibleText.Of(text));

    /// <summary>A line with a word in it that says how something stands.</summary>
    public void Line(string before, string state, string after) =>
        writer.WriteLine(VisibleText.Of(before) + _paint.State(VisibleText.Of(state)) + VisibleText.Of(after));

    /// <summary>Several lines of our own.</summary>
    public void Lines(string text)
    {
        foreach (var line in text.Split('\n'))
            Line(line);
    }

    // Only strings hold such characters, and there the escapes mean the same ones.
    public void Json(JsonNode json) => Lines(json.ToJsonString(Readable));

    /// <summary>One line a fact, those without a value omitted; as CSV one row with all of them.</summary>
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

    /// <summary>One row an item; the items as the gateway sent them if JSON is wanted.</summary>
    public void List<T>(
        IReadOnlyList<Reply<T>> items, string whenEmpty, params (string Head, Func<T, string?> Cell)[] columns)
    {
        if (IsJson)
            Json(new JsonArray([.. items.Select(static item => item.Json.DeepClone())]));
        else
            Table(items.Select(static item => item.Value), whenEmpty, columns);
    }

    /// <summary>One row an item.</summary>
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
                .. rows.Select(static row => row.Select(static cell => Cell(cell ?? "-")).ToArray()),
            ]);
        }
    }

    /// <summary>A line of CSV, for rows that come one by one.</summary>
    public void CsvRow(IEnumerable<string?> cells) => writer.WriteLine(string.Join(',', cells.Select(Quoted)));

    private static Option<string?> CreateFormat()
    {
        var option = new Option<string?>("--output")
        {
            Description = "The form of the result: table (the default), json, or csv where the result is rows.",
            HelpName = "FORM",
        };
        option.AcceptOnlyFromAmong("table", "json", Csv);
        return option;
    }

    /// <summary>
    /// A field of RFC 4180. A spreadsheet would calculate a text that begins like a formula, and agents choose some of
    /// these texts: an apostrophe makes it a text again.
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

    // A run of spaces would look like the end of a column, or in a terminal that wraps like the end of the row.
    private static string Cell(string text) => VisibleText.Of(text).Replace("  ", " \u2423", StringComparison.Ordinal);
}
