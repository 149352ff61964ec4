using System.Globalization;
using Gateway.Admin.Counters;
using Gateway.Admin.Grants;
using Gateway.Admin.Records;
using Gateway.Hosting.Commands.Printing;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary>One screen of <c>gateway top</c>, fitted to the terminal. No meaning depends on color alone.</summary>
/// <param name="width">The number of columns.</param>
/// <param name="height">The number of lines.</param>
/// <param name="paint">The terminal's colors.</param>
internal sealed class TopScreen(int width, int height, Paint paint)
{
    private const int GrantsMax = 8;
    private const int HeadLines = 2;
    private readonly List<string> _lines = [];

    /// <summary>Returns at most as many lines as the terminal has, none wider than it.</summary>
    /// <param name="state">The state of the gateway, in words.</param>
    /// <param name="status">The status that the gateway reports.</param>
    /// <param name="grants">Its grants.</param>
    /// <param name="counters">Its counters.</param>
    public IReadOnlyList<string> Draw(
        string state, StatusView status, IReadOnlyList<GrantView> grants, IReadOnlyList<CounterView> counters)
    {
        _lines.Clear();
        Add(paint.Head, $"gateway {status.Version}, {state}");
        Add(Plain, "q quits; refreshes every 2 s");
        var ofGrants = Math.Clamp(grants.Count, 1, Math.Max(1, Math.Min(GrantsMax, (height - HeadLines - 6) / 2)));
        var used = grants.OrderByDescending(static grant => grant.LastUsed);
        Table("Grants, last used first", grants.Count, ofGrants, used, static grant => grant.Status,
            ("GRANT", static grant => grant.Name),
            ("STATUS", static grant => grant.Status),
            ("LAST USED", static grant => Times.Show(grant.LastUsed)));
        var left = Math.Max(1, height - _lines.Count - 3);
        Table("Counters, fullest first", counters.Count, left, counters.OrderByDescending(Fill),
            static counter => Fill(counter) switch { >= 1 => "denied", >= 0.8 => "warning", _ => "" },
            ("COUNTER", static counter => counter.Key),
            ("FULL", static counter => $"{Math.Floor(100 * Fill(counter))} %"),
            ("USED", static counter => counter.Used ?? counter.Problem),
            ("MAX", static counter => counter.Each is null ? counter.Max
                : $"{counter.Max} ({ResourceText.Counts(counter.Each, counter.EachMax)})"),
            // A duration, because an instant would take up most of a narrow terminal.
            ("RESETS IN", counter => Times.Between(status.Now, counter.ResetAt)));
        return _lines.Count <= height ? _lines : _lines[..height];
    }

    /// <summary>Returns the used part of a counter's maximum, 0 to 1.</summary>
    public static double Fill(CounterView counter) =>
        double.TryParse(counter.Used, CultureInfo.InvariantCulture, out var used)
        && double.TryParse(counter.Max, CultureInfo.InvariantCulture, out var max) && max > 0
            ? used / max
            : 0;

    private void Table<T>(
        string title, int count, int rowsMax, IEnumerable<T> items, Func<T, string> stateOf,
        params (string Head, Func<T, string?> Cell)[] columns)
    {
        var taken = items.Take(rowsMax).ToList();
        var shown = taken.Select(item => columns
            .Select(column => VisibleText.Of(column.Cell(item) ?? "-")).ToArray()).ToList();
        Add(Plain, "");
        Add(paint.Head, count > shown.Count ? $"{title} ({shown.Count} of {count})" : $"{title} ({count})");
        if (shown.Count == 0)
            return;
        shown.Insert(0, [.. columns.Select(static column => column.Head)]);
        var widths = columns.Select((_, i) => shown.Max(row => row[i].Length)).ToArray();
        // Names are long, and the state is to the right of them, so the names are shortened.
        widths[0] = Math.Max(8, Math.Min(widths[0], width - widths.Skip(1).Sum(static one => one + 2)));
        for (var at = 0; at < shown.Count; at++)
        {
            shown[at][0] = Shorten(shown[at][0], widths[0]);
            var line = string.Join("  ", shown[at].Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd();
            var state = at == 0 ? "" : stateOf(taken[at - 1]);
            Add(at == 0 ? paint.Head : text => paint.As(state, text), line);
        }
    }

    private void Add(Func<string, string> painted, string line) => _lines.Add(painted(Shorten(line, width)));

    private static string Plain(string line) => line;

    /// <summary>
    /// Shortens a text in the middle: the end of a counter's key distinguishes it as much as the beginning.
    /// </summary>
    private static string Shorten(string text, int lengthMax) =>
        text.Length <= lengthMax ? text
        : $"{text[..((lengthMax - 1) / 2)]}…{text[^(lengthMax - 1 - (lengthMax - 1) / 2)..]}";
}
