using Gateway.LoadTests.Comparing;

namespace Gateway.LoadTests.Reports;

/// <summary>A comparison as text: the figures, and their ratios to nginx.</summary>
internal static class ComparisonText
{
    private const string Nginx = "nginx";
    private const string Server = "server directly";

    public static string Of(Comparison comparison)
    {
        var text = new StringBuilder();
        var nginx = comparison.Loaded[Nginx];
        Line(text, $"{"under load",-32}{"CPU us/call",12}{"user",8}{"kernel",8}"
            + $"{"of nginx",10}{"calls/s",10}{"p50 us",9}{"p99 us",9}");
        foreach (var (name, round) in comparison.Loaded)
        {
            Line(text, $"{name,-32}{round.CpuPerCall,12:0.0}{round.UserPerCall,8:0.0}{round.KernelPerCall,8:0.0}"
                + $"{round.CpuPerCall / nginx.CpuPerCall,10:0.00}"
                + $"{round.CallsPerSecond,10:0}{round.P50,9:0}{round.P99,9:0}");
        }

        Line(text, "");
        Line(text, $"{"one connection",-32}{"CPU us/call",12}{"p50 us",10}{"added us",10}");
        var direct = comparison.Alone[Server];
        foreach (var (name, round) in comparison.Alone)
            Line(text, $"{name,-32}{round.CpuPerCall,12:0.0}{round.P50,10:0}{round.P50 - direct.P50,10:0}");
        Line(text, "");
        Line(text, $"ready after {comparison.ReadyMilliseconds:0} ms, idle at {comparison.IdleMegabytes:0} MB");
        foreach (var (name, megabytes) in comparison.MemoryMegabytes)
            Line(text, $"{name}: {megabytes:0} MB after the load");
        if (comparison.Decisions is { } decisions)
        {
            var redis = decisions.Redis is { } rate ? $"{rate:0}" : "not installed";
            Line(text, $"decisions a second, {decisions.Callers} callers: engine {decisions.Engine:0}, Redis {redis}");
        }

        if (comparison.Ratios.Count > 0)
            Line(text, $"\n{"this build of the other",-48}{"median",8}{"least",8}{"most",8}");
        foreach (var ratio in comparison.Ratios)
            Line(text, $"{ratio.Figure,-48}{ratio.Median,8:0.00}{ratio.Least,8:0.00}{ratio.Most,8:0.00}");
        foreach (var missing in comparison.Missing)
            Line(text, $"left out: {missing} is not installed");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line.TrimEnd()).Append('\n');
}
