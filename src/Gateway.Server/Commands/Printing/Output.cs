using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Server.Commands.Printing;

/// <summary>What a verb prints: tables for people, JSON where it was asked for. Never a control code.</summary>
internal sealed class Output(TextWriter writer, bool isJson, Paint? paint = null)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        // A terminal is no HTML page; names stay readable.
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
            writer.WriteLine(Clean(sentence));
    }

    public void Line(string text) => writer.WriteLine(Clean(text));

    /// <summary>A line with a word in it that says how something stands.</summary>
    public void Line(string before, string state, string after) =>
        writer.WriteLine(Clean(before) + _paint.State(Clean(state)) + Clean(after));

    public void Json(JsonNode json) => writer.WriteLine(json.ToJsonString(Readable));

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
            var text = name == "status" ? _paint.State(Clean(value)) : Clean(value);
            writer.WriteLine($"{Clean(name.PadRight(width))}  {text}");
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
        [.. columns.Select(column => Clean(column.Cell(item) ?? "-"))];

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

    /// <summary>What a server or an agent wrote must not move the cursor or colour the terminal.</summary>
    private static string Clean(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f', StringComparison.Ordinal)
            ? string.Concat(text.Select(static c => char.IsControl(c) && c != '\n' ? '\uFFFD' : c))
            : text;
}
