using Gateway.Proxy.Calls;
using Gateway.Proxy.Tests.Pipeline;

namespace Gateway.Proxy.Tests.Candidates;

public sealed class CandidateEvaluatorTests
{
    private const string Open = """{ "version": "1", "default": "allow" }""";

    private const string Once = """
        { "version": "1", "default": "allow",
          "all_tools": { "limits": [ { "counter": "c", "window": "month", "max": 1 } ] } }
        """;

    [Fact]
    public async Task What_a_call_took_of_a_candidate_comes_back_where_it_never_went()
    {
        await using var bench = await StageBench.OpenAsync(Open);
        bench.Candidate = Once;
        using var call = bench.ToolCall("t");
        var recorded = await bench.RecordAsync(call);
        using var second = bench.ToolCall("t");
        await bench.RecordAsync(second);

        await recorded.Admitted.GiveBackAsync();

        using var third = bench.ToolCall("t");
        await bench.RecordAsync(third);
        Assert.Equal(["allowed", "rate_limited", "allowed"], CandidateOutcomes(bench));
    }

    [Fact]
    public async Task A_repeated_attempt_of_a_call_is_evaluated_once()
    {
        await using var bench = await StageBench.OpenAsync(
            Once.Replace("\"max\": 1", "\"max\": 3", StringComparison.Ordinal));
        bench.Candidate = Once;
        using var call = bench.ToolCall("t");
        var approved = await bench.ApproveAsync(call);
        var first = await bench.PassAsync<LimitAttempt, AdmittedCall>(new LimitAttempt(approved, null));
        await bench.PassAsync<AdmittedCall, AuditedCall>(first);

        var second = await bench.PassAsync<LimitAttempt, AdmittedCall>(new LimitAttempt(approved, first));
        await bench.PassAsync<AdmittedCall, AuditedCall>(second);

        Assert.Equal(["allowed", "allowed"], CandidateOutcomes(bench));
    }

    [Fact]
    public async Task No_call_waits_for_limits_that_cannot_be_counted()
    {
        await using var bench = await StageBench.OpenAsync(Open);
        bench.Candidate = Once;
        bench.Fault = "the store is away";
        using var call = bench.ToolCall("t");

        await bench.RecordAsync(call);

        Assert.Equal([null], CandidateOutcomes(bench));
    }

    private static IEnumerable<string?> CandidateOutcomes(StageBench bench) => bench.Records().Select(static record =>
        record.TryGetProperty("candidate", out var candidate) ? candidate.GetProperty("outcome").GetString() : null);
}
