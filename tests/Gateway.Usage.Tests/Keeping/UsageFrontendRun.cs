namespace Gateway.Usage.Tests.Keeping;

/// <summary>One start of a frontend.</summary>
internal sealed record UsageFrontendRun(UsageCounts Counts, UsageKeeper Keeper, UsageReader Reader, ProcessClock Clock)
{
    public void Call(
        int times = 1, string grant = "bot", string server = "crm", string tool = "refund",
        RefusalCategory? refusal = null, string? policy = null)
    {
        for (var i = 0; i < times; i++)
            Counts.Count(grant, server, tool, refusal, Clock.NowMs(), policy);
    }

    public void End(long durationMs, string tool = "refund", bool isError = false) =>
        Counts.CountResult("bot", "crm", tool, null, durationMs, isError, Clock.NowMs());

    public Task WriteAsync() => Keeper.WriteAsync(UsageWrite.Presence, default);

    public Task EndAsync() => Keeper.WriteAsync(UsageWrite.Last, default);

    public Task<UsageAnswer> AskAsync(params (string Name, string Value)[] query) =>
        AskAsync(static _ => true, query);

    public Task<UsageAnswer> AskAsync(Func<string?, bool> may, params (string Name, string Value)[] query)
    {
        var question = Reader.Read(
            name => query.FirstOrDefault(one => one.Name == name).Value, out var problem);
        return question is null
            ? throw new ArgumentException(problem)
            : Reader.AnswerAsync(question, may, default);
    }
}
