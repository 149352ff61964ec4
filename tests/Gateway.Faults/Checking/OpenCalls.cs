namespace Gateway.Faults.Checking;

/// <summary>
/// The check of open calls by the server's own log: from their arrival to the response or to the end of the connection.
/// </summary>
internal static class OpenCalls
{
    public static IEnumerable<Violation> WithinMax(Analysis analysis) =>
        from tool in Limited(analysis)
        from moment in Moments(analysis, tool)
        where moment.Open > tool.OpenMax
        select new Violation(Property.OpenWithinMax, moment.AtMs, $"{tool.Name}: {moment.Open} open of {tool.OpenMax}");

    /// <summary>Returns the number of calls, and the most that were open at once.</summary>
    public static (int Calls, int Most) Seen(Analysis analysis) => (
        Limited(analysis).Sum(tool => Calls(analysis, tool).Count()),
        Limited(analysis).SelectMany(tool => Moments(analysis, tool)).Max(moment => (int?)moment.Open) ?? 0);

    private static IEnumerable<Tool> Limited(Analysis analysis) =>
        analysis.Workload.Tools.Values.Where(tool => tool.OpenMax > 0);

    private static IEnumerable<ServerCall> Calls(Analysis analysis, Tool tool) =>
        analysis.History.Server.Where(call => call.Tool == tool.Name);

    /// <summary>
    /// Returns the arrivals with the number of calls open at that moment. A call that ends at the same moment no longer
    /// counts.
    /// </summary>
    private static IEnumerable<(long AtMs, int Open)> Moments(Analysis analysis, Tool tool)
    {
        var ends = new PriorityQueue<ServerCall, long>();
        foreach (var call in Calls(analysis, tool).OrderBy(call => call.AtMs))
        {
            while (ends.TryPeek(out _, out var endMs) && endMs <= call.AtMs) ends.Dequeue();
            ends.Enqueue(call, call.EndMs);
            yield return (call.AtMs, ends.Count);
        }
    }
}
