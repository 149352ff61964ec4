using Gateway.Server.Tests.Results;
using static Gateway.Server.Tests.Results.ResultBench;

namespace Gateway.Server.Tests.Extensions;

/// <summary>The <c>results</c> of a tool, for the results of its tasks.</summary>
public sealed class TaskResultTests
{
    [Theory]
    [InlineData("tasks/get", """{"resultType":"complete","taskId":"t","status":"completed","result":RESULT}""")]
    [InlineData("tasks/result", "RESULT")]
    public async Task The_result_of_a_task_is_evaluated_by_the_rules_of_its_tool(string method, string state)
    {
        await using var bench = await ResultBench.StartAsync();
        var task = await CreateAsync(bench);
        string About() => $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"taskId":"{{{task}}}"}}""";
        string State(string result) => Result(state.Replace("RESULT", result, StringComparison.Ordinal));

        bench.Answers(State(
            """{"content":[{"type":"text","text":"4111 1111 1111 1111"}],"structuredContent":{"pin":7}}"""));
        var redacted = JsonDocument.Parse(await bench.PostAsync(About())).RootElement.GetProperty("result");
        var own = redacted.TryGetProperty("result", out var inner) ? inner : redacted;
        Assert.Equal("[redacted]", own.GetProperty("structuredContent").GetProperty("pin").GetString());
        Assert.Equal("[redacted]", own.GetProperty("content")[0].GetProperty("text").GetString());

        bench.Answers(State("""{"content":[],"structuredContent":{"class":"secret"}}"""));
        var denied = JsonDocument.Parse(await bench.PostAsync(About())).RootElement.GetProperty("error");
        Assert.Equal("/tools/pay/results/deny_if/0", denied.GetProperty("data").GetProperty("rule").GetString());
    }

    [Theory]
    [InlineData(
        """ "status":"working","statusMessage":"4111 1111 1111 1111" """, "\"statusMessage\":\"[redacted]\"")]
    [InlineData(""" "status":"completed","Result":{"structuredContent":{"class":"secret"}} """, "(ambiguous result)")]
    [InlineData(""" "status":"input_required","inputRequests":{"a":{"params":{"message":"4111 1111 1111 1111"}}} """,
        "\"message\":\"[redacted]\"")]
    public async Task The_state_of_a_task_is_evaluated_too(string state, string expected)
    {
        await using var bench = await ResultBench.StartAsync();
        var task = await CreateAsync(bench);
        bench.Answers(Result($$"""{"resultType":"complete","taskId":"t",{{state.Trim()}}}"""));
        Assert.Contains(expected, await bench.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"{{{task}}}"}}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_beside_a_new_task_is_evaluated()
    {
        await using var bench = await ResultBench.StartAsync();
        bench.Answers(Result("""{"task":{"taskId":"t"},"structuredContent":{"class":"secret"}}"""));
        Assert.Contains("/tools/pay/results/deny_if/0", await bench.PostAsync(Call("pay")), StringComparison.Ordinal);
    }

    /// <summary>Calls the tool as a task, and returns the client's id of it.</summary>
    private static async Task<string> CreateAsync(ResultBench bench)
    {
        bench.Answers(Result("""{"task":{"taskId":"t","status":"working"}}"""));
        var created = JsonDocument.Parse(await bench.PostAsync(Call("pay"))).RootElement;
        return created.GetProperty("result").GetProperty("task").GetProperty("taskId").GetString()!;
    }
}
