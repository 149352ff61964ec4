namespace Gateway.Server.Tests.Approvals;

/// <summary>Leave for further calls where several people must approve, and for calls that are held.</summary>
public sealed class StandingQuorumTests
{
    private const string Terms = """{"next":2,"for":"15m","where":[]}""";

    [Fact]
    public async Task Needs_the_same_terms_from_everybody_who_must_approve()
    {
        await using var bench = await ApprovalBench.StartAsync(approvals: 2);
        var ana = await bench.OperatorKeyAsync("ana", "approver");
        var bob = await bench.OperatorKeyAsync("bob", "approver");
        var id = await bench.AskAsync();
        var (_, first) = await bench.LetAsync(id, Terms, ana);
        Assert.Equal(("open", 2), ((string?)first!["state"], (int)first["standing"]!["next"]!));
        await bench.AskAsync("""{"n":0}""");

        var (status, problem) = await bench.LetAsync(id, """{"next":3,"for":"15m","where":[]}""", bob);
        var (_, second) = await bench.LetAsync(id, Terms, bob);

        Assert.Equal((409, "Different terms"), (status, (string?)problem!["title"]));
        var (_, view) = await bench.SendAsync("GET", $"approvals/standing/{second!["standingId"]}");
        Assert.Equal(("active", "ana, bob"), ((string?)view!["state"], (string?)view["madeBy"]));
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"n":1}""")));
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"n":2}""")));
        await bench.AskAsync("""{"n":3}""");
    }

    [Fact]
    public async Task Is_not_made_where_one_of_them_approved_the_call_alone()
    {
        await using var bench = await ApprovalBench.StartAsync(approvals: 2);
        var ana = await bench.OperatorKeyAsync("ana", "approver");
        var (one, two) = (await bench.AskAsync("""{"n":1}"""), await bench.AskAsync("""{"n":2}"""));
        await bench.LetAsync(one, Terms, ana);
        await bench.SendAsync("POST", $"approvals/{two}/approve", new JsonObject(), ana);

        var (_, approved) = await bench.ApproveAsync(one);
        var (status, _) = await bench.LetAsync(two, Terms);

        Assert.Equal(("approved", null), ((string?)approved!["state"], (string?)approved["standingId"]));
        Assert.Equal(409, status);
        Assert.Empty((await bench.SendAsync("GET", "approvals/standing")).Json!["items"]!.AsArray());
    }

    [Fact]
    public async Task Lets_a_call_go_ahead_that_is_held_and_nobody_has_to_answer_for_it_any_more()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "10m");
        var held = new[] { bench.CallAsync("""{"n":1}"""), bench.CallAsync("""{"n":2}""") };
        var open = await bench.OpenAsync(2);

        await bench.LetAsync(open[0], """{"next":1,"where":[]}""");
        var answers = await Task.WhenAll(held);

        Assert.All(answers, static answer => Assert.True(ApprovalBench.IsDone(answer)));
        await bench.OpenAsync(0);
        Assert.Equal(2, bench.Server.Requests.Count);
    }
}
