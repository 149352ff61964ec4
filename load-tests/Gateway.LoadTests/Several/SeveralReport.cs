namespace Gateway.LoadTests.Several;

/// <summary>What a run found; times in milliseconds, memory in MB.</summary>
internal sealed record SeveralReport
{
    public required int Sessions { get; init; }

    public required int Servers { get; init; }

    public required TimeSpan OpenedIn { get; init; }

    public required long Done { get; init; }

    /// <summary>Calls whose result named the server that was not there.</summary>
    public required long Unavailable { get; init; }

    /// <summary>Lists of tools, and those of them that named a server which was not there.</summary>
    public required (long All, long Named) Lists { get; init; }

    public required int Deaths { get; init; }

    public required (double P50, double P99, double Max) CallMs { get; init; }

    /// <summary>Resident memory of the gateway: before, once all sessions were open, and in each quarter.</summary>
    public required IReadOnlyList<double> Memory { get; init; }

    /// <summary>What was asked of it and does not hold; empty when all is well.</summary>
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
