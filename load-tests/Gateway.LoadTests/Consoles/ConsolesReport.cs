using Gateway.LoadTests.Comparing;

namespace Gateway.LoadTests.Consoles;

/// <summary>The cost of open consoles for agents.</summary>
/// <param name="Consoles">The number of open consoles.</param>
/// <param name="Rounds">The number of turns of each kind.</param>
/// <param name="Without">The medians under full load without consoles.</param>
/// <param name="With">The medians under full load with consoles.</param>
/// <param name="Ratios">The ratio of with to without in each round.</param>
/// <param name="BytesPerSecond">The bytes per second sent to one console.</param>
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
