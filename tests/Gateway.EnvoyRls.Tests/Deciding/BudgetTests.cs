using Gateway.Policy.Budgets;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;
using Code = Gateway.EnvoyRls.Protocol.RateLimitResponse.Types.Code;

namespace Gateway.EnvoyRls.Tests.Deciding;

/// <summary>Descriptors that are charged to a budget of the gateway's configuration.</summary>
public class BudgetTests
{
    private const string Rules = """
        domain: edge
        descriptors:
          - { key: mail, rate_limit: { budget: mail, name: mails } }
          - { key: each, rate_limit: { budget: each } }
          - { key: closed, rate_limit: { budget: closed } }
          - { key: user, rate_limit: { unit: minute, requests_per_unit: 1 } }
        """;

    private const string Budgets = """
        {
          "mail": { "window": "day", "max": 3, "domains": ["edge"], "grants": ["*"] },
          "each": { "window": "day", "max": 1, "keyed": true, "domains": ["*"] },
          "closed": { "window": "day", "max": 1, "services": ["*"], "domains": ["elsewhere"] }
        }
        """;

    [Fact]
    public async Task Is_charged_together_with_all_that_share_it()
    {
        var store = new SharedStore();
        await using var one = new Frontend(Frontend.Noon, Rules, store) { Budgets = Read() };
        await using var two = new Frontend(Frontend.Noon, Rules, store) { Budgets = Read() };

        var first = await one.AnswerAsync(Ask.Of("edge", Ask.By("mail=a", hits: 2)));
        Assert.Equal((Code.Ok, 1u), (first.OverallCode, first.Statuses[0].LimitRemaining));
        var limit = first.Statuses[0].CurrentLimit;
        Assert.Equal((3u, "mails"), (limit.RequestsPerUnit, limit.Name));
        Assert.Equal("ok over", await two.AskAsync(2, Ask.Of("edge", Ask.By("mail=b"))));
        var refused = await two.AnswerAsync(Ask.Of("edge", Ask.By("mail=b")));
        Assert.InRange(refused.Statuses[0].DurationUntilReset.Seconds, 1, 24 * 3600);
    }

    [Fact]
    public async Task A_keyed_budget_counts_each_value()
    {
        await using var frontend = new Frontend(Frontend.Noon, Rules) { Budgets = Read() };

        Assert.Equal("ok over", await frontend.AskAsync(2, Ask.Of("edge", Ask.By("each=a"))));
        Assert.Equal("ok", await frontend.AskAsync(1, Ask.Of("edge", Ask.By("each=b"))));
    }

    [Fact]
    public async Task Without_leave_there_is_no_answer_and_nothing_is_charged()
    {
        await using var frontend = new Frontend(Frontend.Noon, Rules) { Budgets = Read() };

        var result = await frontend.DecideAsync(Ask.Of("edge", Ask.By("user=a"), Ask.By("closed=a")));

        Assert.Equal(GrpcStatus.FailedPrecondition, result.Problem!.Status);
        Assert.Contains("\"closed\"", result.Problem.Message, StringComparison.Ordinal);
        Assert.Equal("ok", await frontend.AskAsync(1, Ask.Of("edge", Ask.By("user=a"))));
        frontend.Budgets = new Dictionary<string, Budget>();
        Assert.Equal(
            GrpcStatus.FailedPrecondition,
            (await frontend.DecideAsync(Ask.Of("edge", Ask.By("mail=a")))).Problem!.Status);
    }

    [Fact]
    public void A_budget_that_does_not_name_the_domain_is_reported_at_its_line()
    {
        var rules = RuleText.Rules(Rules);

        var refused = Assert.Single(rules.RefusedBy(Read()));
        Assert.StartsWith(
            "0limits.yaml:5: no budget \"closed\" names the domain \"edge\"", refused.ToString(),
            StringComparison.Ordinal);
        Assert.Equal([3, 4, 5], rules.RefusedBy(new Dictionary<string, Budget>()).Select(static one => (int)one.Line));
    }

    [Theory]
    [InlineData("{ key: a, rate_limit: { budget: b, unit: day } }", "has its own maximum and window")]
    [InlineData("{ key: a, rate_limit: { budget: b, unlimited: true } }", "has its own maximum and window")]
    [InlineData("{ key: a, allow_negative_hits: true, rate_limit: { budget: b } }", "cannot return charges")]
    [InlineData("{ key: a, shadow_mode: true, rate_limit: { budget: b } }", "\"shadow_mode\" would use up")]
    public void Says_what_goes_not_with_a_budget(string descriptor, string words) => Assert.Contains(
        RuleText.Problems($"domain: d\ndescriptors:\n  - {descriptor}\n"),
        problem => problem.Contains(words, StringComparison.Ordinal));

    private static Dictionary<string, Budget> Read()
    {
        var utf8 = Encoding.UTF8.GetBytes(Budgets);
        var problems = new ProblemSink("gateway.json", new LineMap(utf8));
        var context = new DocumentContext(problems);
        var read = JsonTreeReader.Read(utf8, PolicyBounds.DocumentDepthMax, [], out _)!.Members.ToDictionary(
            static member => member.Name,
            member => BudgetReader.Read(member.Name, member.Value, $"/budgets/{member.Name}", context)!);
        Assert.Empty(problems.ToImmutable());
        return read;
    }
}
