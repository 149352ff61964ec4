using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Mcp.Writing;

namespace Gateway.Server.Commands.Printing;

/// <summary>What a verb prints: tables for people, JSON where it was asked for. Never a control code.</summary>
internal sealed class Output(TextWriter writer, bool isJson, Paint? paint = null)
{
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

    public bool IsJson => isJson;

    public Paint Paint => _paint;

    public TextWriter Writer => writer;

    /// <summary>JSON where it was asked for, else a sentence.</summary>
    public void Say(string sentence, JsonNode? json)
    {
        if (isJson)
            Json(json ?? new JsonObject());
        else
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

    /// <summary>One line a fact, those without a value left out; or the JSON that they are from.</summary>
    public void Facts(JsonNode json, params (string Name, string? Value)[] facts)
    {
        if (isJson)
        {
            Json(json);
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

    /// <summary>One row an item, or the items as JSON.</summary>
    public void Table(JsonArray items, string whenEmpty, params (string Head, Func<JsonNode, string?> Cell)[] columns)
    {
        if (isJson)
            Json(items);
        else if (items.Count == 0)
            writer.WriteLine(whenEmpty);
        else
            Rows([[.. columns.Select(static c => c.Head)], .. items.Select(item => Cells(item!, columns))]);
    }

    private static string[] Cells(JsonNode item, (string Head, Func<JsonNode, string?> Cell)[] columns) =>
        [.. columns.Select(column => Cell(column.Cell(item) ?? "-"))];

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
    private static string Cell(string text) =>
        VisibleText.Of(text).Replace("  ", " \\u0020", StringComparison.Ordinal);
}
