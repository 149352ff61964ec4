namespace Gateway.LoadTests.Limiters;

/// <summary>The tables of the page, as Markdown.</summary>
internal static class LimitersText
{
    public static string Of(LimitersOptions options, IReadOnlyList<LimiterFigures> sides)
    {
        var text = new StringBuilder();
        Line(text, $"{options.Max} calls a window of {options.WindowSeconds} s, {options.Windows} windows a trial.\n");
        Line(text, $"| limiter | calls/s | CPU µs a call | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|");
        foreach (var side in sides.Where(static side => side.CallsPerSecond is not null))
        {
            Line(text, $"| {side.Name} | {side.CallsPerSecond:#,0} | {side.CpuPerCall:0.0} | {side.P50:0.00} "
                + $"| {side.P99:0.00} |");
        }

        Line(text, $"\n| over the limit | {options.Callers} parallel callers | what holds the counts killed "
            + $"and restarted | two clocks {options.AheadSeconds} s apart |\n|---|---|---|---|");
        foreach (var side in sides)
            Line(text, $"| {side.Name} | {Cell(side.Callers)} | {Cell(side.Restart)} | {Cell(side.Clocks)} |");
        return text.ToString();
    }

    private static string Cell(LimiterTrial? trial) => trial is null
        ? ""
        : $"**{trial.Over}** ({string.Join(", ", trial.Windows)})"
            + (trial.Failed > 0 ? $"; {trial.Failed:#,0} failed" : "");

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
