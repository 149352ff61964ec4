using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Reports;

/// <summary>A scenario's report as text.</summary>
internal static class ReportText
{
    public static string Of(ScenarioReport report)
    {
        var (load, exact) = (report.Load, report.Exactness);
        var text = new StringBuilder();
        Line(text, $"{report.Scenario}: {report.What}");
        Line(text, $"  calls      {load.Calls} ({load.CallsPerSecond:0}/s), {load.Admitted} admitted, "
            + $"{load.Refused} refused, {load.Errors} failed, {load.Retries} sent again");
        Line(text, $"  latency    p50 {load.P50:0} us, p99 {load.P99:0} us, p99.9 {load.P999:0} us, "
            + $"max {load.Max:0} us (of it waiting to be sent: p99 {load.WaitP99:0} us)");
        Line(text, $"  exactness  {exact.Seen} at the server, {exact.Windows} windows, {exact.Full} full, "
            + $"{exact.Over} over; {exact.Twice} twice, {exact.Unrecorded} unrecorded");
        var cpu = report.CpuMicrosecondsPerCall is { } each ? $"{each:0.0} us CPU a call, " : "";
        Line(text, $"  gateway    {cpu}{report.MemoryMegabytes:0} MB");
        foreach (var problem in report.Problems)
            Line(text, $"  PROBLEM    {problem}");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
