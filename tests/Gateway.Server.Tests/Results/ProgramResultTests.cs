using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Results;

/// <summary>What a program on standard input and output answers, evaluated like any other.</summary>
public sealed class ProgramResultTests
{
    private const string Policy = """
        { "version": "1", "default": "allow", "tools": {
          "arguments": { "results": { "redact": [ { "known": "email" } ] } },
          "progress": { "results": { "deny_if": [ { "path": "result.content[0].text", "op": "contains", "value": "sed" } ] } },
          "binary": { "results": { "redact": [ { "matches": "so[a-z]+" } ] } } } }
        """;

    [Fact]
    public async Task Redacts_in_both_revisions()
    {
        await using var bench = await StdioBench.StartAsync(Policy, "ann@example.com");
        var session = await bench.OpenAsync();

        Assert.Contains("\"[redacted] a b $HOME\"", await bench.CallAsync(StdioBench.Call("arguments"), session),
            StringComparison.Ordinal);
        Assert.Contains("\"[redacted] a b $HOME\"", await bench.CallAsync(StdioBench.StatelessCall("arguments"), null),
            StringComparison.Ordinal);
        Assert.Contains("\"[redacted]\"", await bench.CallAsync(StdioBench.Call("binary", "2"), session),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denies_after_the_progress_that_came_first()
    {
        await using var bench = await StdioBench.StartAsync(Policy);
        var session = await bench.OpenAsync();
        using var answer = await bench.PostAsync(
            StdioBench.Call("progress", more: ""","_meta":{"progressToken":5}"""), session);
        var events = await answer.Content.ReadAsStringAsync();

        Assert.Contains("notifications/progress", events, StringComparison.Ordinal);
        Assert.Contains("/tools/progress/results/deny_if/0", events, StringComparison.Ordinal);
        Assert.DoesNotContain("progressed", events, StringComparison.Ordinal);
    }
}
