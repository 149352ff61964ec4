using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Lists;
using Gateway.Policy.Tools.Testing;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

/// <summary>Budgets of the configuration that a policy's calls are charged to.</summary>
public class BudgetRuleTests
{
    private static readonly NamedLists Known = NamedLists.None with
    {
        Budgets = new Dictionary<string, Budget>
        {
            ["mail"] = Read("mail", """{ "window": "day", "max": 3, "grants": ["g"], "services": ["billing"] }"""),
            ["spend"] = Read("spend", """{ "window": "month", "max": "10.50", "refundable": true, "grants": ["*"] }"""),
            ["other"] = Read("other", """{ "window": "day", "max": 3, "services": ["billing"] }"""),
            ["each"] = Read("each", """{ "window": "day", "max": 3, "keyed": true, "grants": ["*"] }"""),
        },
    };

    [Fact]
    public void A_call_is_charged_to_the_counter_that_services_charge_too()
    {
        var cost = Assert.Single(Evaluate("""{ "budgets": ["mail"] }""").Costs);

        Assert.Equal(Known.Budgets!["mail"].CounterOf(null), cost.Cost.Key);
        Assert.Equal(
            ("/tools/t/budgets/0", "mail", "day", Amount.FromUnits(3), Amount.One),
            (cost.Rule, cost.Counter, cost.WindowText, cost.Cost.Max, cost.Cost.Cost));
        Assert.False(cost.Cost.RefundOnError);
    }

    [Theory]
    [InlineData("""{ "amount": "2.25" }""", "2.25")]
    [InlineData("""{ "amount": 4 }""", "4")]
    public void An_argument_may_say_what_is_charged(string arguments, string amount)
    {
        var decision = Evaluate("""{ "budgets": [{ "budget": "spend", "increment_from": "args.amount" }] }""", arguments);

        Assert.Equal(amount, decision.Costs[0].Cost.Cost.ToString());
        Assert.True(decision.Costs[0].Cost.RefundOnError);
    }

    [Fact]
    public void What_cannot_be_counted_is_denied()
    {
        var decision = Evaluate("""{ "budgets": [{ "budget": "spend", "increment_from": "args.amount" }] }""", "{}");

        Assert.Equal(
            (DecisionOutcome.Deny, "/tools/t/budgets/0/increment_from"), (decision.Outcome, decision.Rule));
        Assert.Contains("budget spend", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other", "g")]
    [InlineData("mail", "h")]
    public void Without_leave_a_call_is_denied_and_charges_nothing(string budget, string grant)
    {
        var decision = Evaluate($$"""{ "budgets": ["{{budget}}"] }""", grant: grant);

        Assert.Equal((DecisionOutcome.Deny, "/tools/t/budgets/0"), (decision.Outcome, decision.Rule));
        Assert.Contains($"{grant} may not charge the budget {budget}", decision.Reason, StringComparison.Ordinal);
        Assert.True(decision.Costs.IsDefaultOrEmpty);
    }

    [Fact]
    public void A_budget_that_is_gone_by_now_denies()
    {
        var loaded = Load(Document(""" "tools": { "t": { "budgets": ["gone"] } } """));
        var binding = loaded.Policy!.Bind("g", "s", lists: Known);

        Assert.Equal(DecisionOutcome.Deny, Call(binding, "t").Outcome);
        Assert.Equal("there is no budget \"gone\"", Known.ProblemOfBudget("gone"));
    }

    [Fact]
    public void In_shadow_nothing_is_taken_from_those_who_share_it()
    {
        var decision = Evaluate("""{ "mode": "shadow", "budgets": ["mail"] }""");

        Assert.True(decision.Costs.IsEmpty);
        var shadow = Assert.Single(decision.ShadowCosts);
        Assert.NotEqual(Known.Budgets!["mail"].CounterOf(null), shadow.Cost.Key);
    }

    [Fact]
    public void What_all_tools_and_an_entry_name_is_charged_once()
    {
        var binding = Bind(Document("""
            "all_tools": { "budgets": ["mail"] }, "tools": { "t": { "budgets": ["mail", "spend"] } }
            """), lists: Known);

        Assert.Equal(["mail", "spend"], Call(binding, "t").Costs.Select(static cost => cost.Counter));
        Assert.Equal(["mail", "spend"], binding.Counters.Select(static cost => cost.Counter));
    }

    [Fact]
    public void A_test_of_a_policy_counts_on_it_with_any_grant()
    {
        var loaded = Load(Document(""" "tools": { "t": { "budgets": ["mail"] } } """), Known);
        var report = CallTests.Run(
            loaded.Policy!,
            """
            [ { "grant": "a", "call": { "tool": "t" }, "times": 2, "expect": "allow" },
              { "grant": "b", "call": { "tool": "t" }, "expect": "allow" },
              { "grant": "b", "call": { "tool": "t" }, "expect": "rate_limit" } ]
            """u8.ToArray(),
            "p.tests.json", Known);

        Assert.Equal(3, report.Results.Length);
        Assert.Empty(report.Failures);
    }

    [Fact]
    public void Where_nobody_knows_the_budgets_nothing_is_said_of_them()
    {
        var binding = Bind(Document(""" "tools": { "t": { "budgets": ["anything"] } } """));

        Assert.Equal(DecisionOutcome.Allow, Call(binding, "t").Outcome);
    }

    [Theory]
    [InlineData("""["maill"]""", "/tools/t/budgets/0", "there is no budget \"maill\"; did you mean \"mail\"?")]
    [InlineData("""["each"]""", "/tools/t/budgets/0", "\"keyed\"")]
    [InlineData("""["mail", { "budget": "mail" }]""", "/tools/t/budgets/1", "is listed twice")]
    [InlineData("""[{ "budget": "mail", "increment": 1, "increment_from": "args.a" }]""",
        "/tools/t/budgets/0/increment_from", "exclude each other")]
    [InlineData("""[{ "increment": 1 }]""", "/tools/t/budgets/0", "\"budget\" is missing")]
    [InlineData("""[{ "budget": "mail", "max": 4 }]""", "/tools/t/budgets/0/max", "\"max\"")]
    [InlineData("""[5]""", "/tools/t/budgets/0", "the use of a budget must be an object")]
    [InlineData("""["a b"]""", "/tools/t/budgets/0", "is not a valid budget name")]
    public void Says_where_a_use_is_wrong(string budgets, string pointer, string words)
    {
        var loaded = Load(Document($$""" "tools": { "t": { "budgets": {{budgets}} } } """), Known);

        Assert.Null(loaded.Policy);
        Assert.Contains(loaded.Problems, problem =>
            problem.Pointer == pointer && problem.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_is_no_leave()
    {
        Read("mail", """{ "window": "day", "max": 3 }""", out var problems);

        Assert.Contains("nobody may charge this budget", problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "grants": ["a b"] """, "/budgets/mail/grants/0")]
    [InlineData(""" "grants": "g" """, "/budgets/mail/grants")]
    [InlineData(""" "domains": [""] """, "/budgets/mail/domains/0")]
    [InlineData(""" "grants": ["*"], "granted": ["g"] """, "/budgets/mail/granted")]
    public void Says_where_a_leave_is_wrong(string leave, string place)
    {
        Read("mail", $$"""{ "window": "day", "max": 3, {{leave}} }""", out var problems);

        Assert.Contains($"at {place}:", problems, StringComparison.Ordinal);
    }

    internal static Budget Read(string name, string json)
    {
        var budget = Read(name, json, out var problems);
        Assert.Equal("", problems);
        return budget!;
    }

    private static Budget? Read(string name, string json, out string problems)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var sink = new ProblemSink("gateway.json", new LineMap(utf8));
        var root = JsonTreeReader.Read(utf8, PolicyBounds.DocumentDepthMax, [], out _);
        var budget = BudgetReader.Read(name, root!, $"/budgets/{name}", new DocumentContext(sink));
        problems = string.Join('\n', sink.ToImmutable());
        return budget;
    }

    private static PolicyDecision Evaluate(string entry, string? arguments = null, string grant = "g") => Call(
        Bind(Document($$""" "tools": { "t": {{entry}} } """), grant, lists: Known), "t", arguments);
}
