using Gateway.LoadTests.Comparing;

namespace Gateway.LoadTests.Consoles;

/// <summary>What open consoles cost those who call.</summary>
/// <param name="Consoles">How many were open.</param>
/// <param name="Rounds">Turns of each kind.</param>
/// <param name="Without">Medians under full load without them.</param>
/// <param name="With">The same with them.</param>
/// <param name="Ratios">Of each round, with of without.</param>
/// <param name="BytesPerSecond">What one console was sent.</param>
internal sealed record ConsolesReport(
    int Consoles, int Rounds, Round Without, Round With, IReadOnlyList<Ratio> Ratios, double BytesPerSecond)
{
    public string Text()
    {
        var text = new StringBuilder();
        text.Append($"consoles: {Consoles} on the live page, {Rounds} rounds in turns, with : without\n");
        foreach (var ratio in Ratios)
            text.Append($"  {ratio.Figure,-38} {ratio.Median:0.000} ({ratio.Least:0.00}-{ratio.Most:0.00})\n");
        text.Append($"  full load without  {Figures(Without)}\n");
        text.Append($"  full load with     {Figures(With)}\n");
        text.Append($"  one console reads  {BytesPerSecond / 1000:0} kB/s\n");
        return text.ToString();
    }

    private static string Figures(Round round) =>
        $"{round.CallsPerSecond:0} calls/s, {round.CpuPerCall:0.0} us of CPU a call";
}
