namespace Gateway.LoadTests.Several;

/// <summary>The results of a run, with times in milliseconds and memory in MB.</summary>
internal sealed record SeveralReport
{
    public required int Sessions { get; init; }

    public required int Servers { get; init; }

    public required TimeSpan OpenedIn { get; init; }

    public required long Done { get; init; }

    /// <summary>The number of calls whose result named the unavailable server.</summary>
    public required long Unavailable { get; init; }

    /// <summary>The number of tool lists, and of those that named an unavailable server.</summary>
    public required (long All, long Named) Lists { get; init; }

    public required int Deaths { get; init; }

    public required (double P50, double P99, double Max) CallMs { get; init; }

    /// <summary>
    /// The resident memory of the gateway: before, after all sessions were open, and in each quarter.
    /// </summary>
    public required IReadOnlyList<double> Memory { get; init; }

    /// <summary>The requirements that were not met; empty if there are none.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    public string Text()
    {
        var text = new StringBuilder();
        text.Append($"several: {Sessions} sessions over {Servers} servers at /mcp, one dying each second\n");
        text.Append($"  opened     in {OpenedIn.TotalSeconds:0.0} s ({Sessions / OpenedIn.TotalSeconds:0}/s)\n");
        text.Append($"  calls      {Done} done, {Unavailable} told of a server that was away or had forgotten their ");
        text.Append($"session, {Deaths} deaths\n");
        text.Append($"  lists      {Lists.All}, {Lists.Named} of them named who was missing\n");
        text.Append($"  latency    p50 {CallMs.P50:0.0} ms, p99 {CallMs.P99:0.0} ms, max {CallMs.Max:0} ms\n");
        text.Append($"  memory     {Memory[0]:0} MB before, {Memory[1]:0} MB with all sessions open, by quarters ");
        text.Append(string.Join(", ", Memory.Skip(2).Select(static one => $"{one:0}"))).Append(" MB\n");
        foreach (var problem in Problems)
            text.Append($"  PROBLEM    {problem}\n");
        return text.ToString();
    }
}
