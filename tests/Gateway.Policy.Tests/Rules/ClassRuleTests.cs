using Gateway.Policy.Classes;
using Gateway.Policy.Explaining;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Tools.Diff;
using Gateway.Policy.Tools.Replay;
using Gateway.Policy.Tools.Testing;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class ClassRuleTests
{
    private const string Members = """
        "tools": { "keep": {}, "send_*": {}, "*": { "action": "approve" } },
        "classes": {
          "Destructive": { "action": "deny", "reason": "A person deletes." },
          "Financial": { "rate_limit": { "max": 2, "window": "minute" } }
        }
        """;

    private static readonly PolicyBinding Binding = Bind(Document(Members));

    [Theory]
    [InlineData("keep", ToolClass.Destructive, "/tools/keep")]
    [InlineData("keep", ToolClass.Uncertain, "/tools/keep")]
    [InlineData("send_x", ToolClass.Destructive, "/classes/Destructive/action")]
    [InlineData("send_x", ToolClass.Financial, "/classes/Financial")]
    [InlineData("send_x", ToolClass.Uncertain, "(uncertain class)")]
    [InlineData("send_x", ToolClass.Read, "/tools/send_*")]
    [InlineData("other", ToolClass.Read, "/tools/*/action")]
    public void An_exact_name_decides_before_the_class_and_the_class_before_a_pattern(
        string tool, ToolClass toolClass, string rule)
    {
        Assert.Equal(rule, Call(Binding, tool, toolClass: toolClass).Rule);
        var explained = PolicyExplainer.Explain(
            Binding, PolicyCall.OfTool(tool, default) with { Class = toolClass });
        Assert.Equal(rule, explained.Decision.Rule);
        Assert.Equal(
            !rule.Contains("Destructive", StringComparison.Ordinal) && rule != "(uncertain class)",
            PolicyEngine.IsListed(Binding, ListKind.Tools, tool, toolClass: toolClass));
    }

    [Fact]
    public void Explain_names_the_class_and_the_pattern_that_does_not_decide()
    {
        var explained = PolicyExplainer.Explain(
            Binding, PolicyCall.OfTool("send_x", default) with { Class = ToolClass.Destructive });

        Assert.Contains(explained.Steps, static step => step.Name == "entry" && step.Said
            == "send_x has the accepted class Destructive; the class decides, and /tools/send_* does not");
    }

    [Fact]
    public void A_class_without_a_rule_for_uncertain_tools_denies_them_even_under_an_allowing_default()
    {
        var binding = Bind("""{"version":"1","default":"allow","classes":{"Secret":{"action":"approve"}}}""");

        Assert.Equal("(uncertain class)", Call(binding, "t").Rule);
        Assert.Equal(DecisionOutcome.Ask, Call(binding, "t", toolClass: ToolClass.Secret).Outcome);
        Assert.Equal("(default allow)", Call(binding, "t", toolClass: ToolClass.Write).Rule);
        Assert.NotNull(PolicyEngine.RuleSha256(binding, "t", ToolClass.Secret));
        Assert.True(binding.DeniesUnaccepted);
    }

    [Fact]
    public void Shadow_mode_only_records_the_denial_of_an_uncertain_tool()
    {
        var binding = Bind("""{"version":"1","default":"allow","mode":"shadow","classes":{"Secret":{}}}""");

        var decision = Call(binding, "t");

        Assert.Equal((DecisionOutcome.Allow, "(uncertain class)"), (decision.Outcome, decision.Shadow?.Rule));
    }

    [Fact]
    public void A_look_alike_of_a_named_tool_is_denied_whatever_its_class_allows()
    {
        var binding = Bind(Document("""
            "tools": { "delete": { "action": "deny" } }, "classes": { "Read": {}, "uncertain": {} }
            """));

        Assert.Equal("(ambiguous tool)", Call(binding, "Delete", toolClass: ToolClass.Read).Rule);
        Assert.Equal("(ambiguous tool)", Call(binding, "Delete").Rule);
    }

    [Fact]
    public void The_tools_of_a_class_share_the_counter_of_its_short_limit()
    {
        var (first, second) = (Call(Binding, "a", toolClass: ToolClass.Financial),
            Call(Binding, "b", toolClass: ToolClass.Financial));

        Assert.Equal("class Financial_rate", Assert.Single(first.Costs).Counter);
        Assert.Equal(first.Costs[0].Cost.Key, second.Costs[0].Cost.Key);
    }

    [Fact]
    public void A_task_of_a_tool_whose_class_is_denied_is_denied()
    {
        var call = new PolicyCall(PolicySubject.Task, "id") { TaskTool = "send_x" };

        Assert.Equal("/classes/Destructive/action",
            PolicyEngine.Decide(Binding, call with { Class = ToolClass.Destructive }).Rule);
        Assert.Equal("(task)", PolicyEngine.Decide(Binding, call with { Class = ToolClass.Read }).Rule);
    }

    [Theory]
    [InlineData("destructive", "did you mean \"Destructive\"")]
    [InlineData("Delete", "the classes are uncertain, Read, Write, Execute, Destructive, Financial, Secret")]
    public void An_unknown_class_is_an_error_with_its_location(string name, string message)
    {
        var problem = Assert.Single(Load(Document($$"""  "classes":{"{{name}}":{} }  """)).Problems);

        Assert.Equal((ProblemSeverity.Error, $"/classes/{name}"), (problem.Severity, problem.Pointer));
        Assert.Contains(message, problem.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(""" "classes": [] """, "/classes")]
    [InlineData(""" "classes": { "Read": 1 } """, "/classes/Read")]
    [InlineData(""" "classes": { "Read": { "acton": "deny" } } """, "/classes/Read/acton")]
    [InlineData(""" "classes": { "Read": { "action": "rate_limit" } } """, "/classes/Read/action")]
    [InlineData(""" "tests": [ { "call": { "tool": "t", "class": "x" }, "expect": "deny" } ] """,
        "/tests/0/call/class")]
    public void A_wrong_class_entry_is_an_error(string members, string pointer) =>
        Assert.Contains(Load(Document(members)).Problems, problem => problem.Pointer == pointer);

    [Fact]
    public void A_test_of_the_policy_names_the_class_of_its_tool()
    {
        var document = Encoding.UTF8.GetBytes(Document(Members + """
            , "tests": [
              { "call": { "tool": "send_x", "class": "Destructive" }, "expect": "deny" },
              { "call": { "tool": "pay", "class": "Financial" }, "times": 2, "expect": "allow" },
              { "call": { "tool": "pay", "class": "Financial" }, "expect": "rate_limit" },
              { "call": { "tool": "pay" }, "expect": "deny", "rule": "(uncertain class)" }
            ]
            """));
        var policy = PolicyLoader.Load(document, "p.json").Policy!;

        Assert.All(CallTests.Run(policy, document, "p.json").Results, static one => Assert.True(one.Passed, one.Got));
    }

    [Fact]
    public void Review_reports_each_pattern_that_a_class_replaces_and_in_which_direction()
    {
        var found = Review(Document("""
            "tools": { "send_*": { "action": "deny" }, "get_*": {} },
            "classes": { "Read": {}, "Secret": { "action": "approve" } }
            """), ("send_list", ToolClass.Read), ("get_token", ToolClass.Secret), ("get_new", ToolClass.Uncertain));

        Assert.Equal(3, found.Count);
        foreach (var expected in (string[])[
            "matches send_list, but /classes/Read decides, which is looser",
            "matches get_token, but /classes/Secret decides, which is stricter",
            "matches get_new, but the denial of tools without an accepted class decides, which is stricter"])
            Assert.Contains(found, message => message.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Review_reports_a_rule_for_uncertain_tools_that_is_looser_than_that_of_a_class() => Assert.Contains(
        "the rule of Destructive is stricter",
        Assert.Single(Review(Document("""
            "classes": { "Destructive": { "action": "deny" }, "uncertain": { "action": "approve" }, "Read": {} }
            """))));

    [Fact]
    public void The_overview_assigns_each_tool_to_the_rule_that_decides()
    {
        ToolClass ClassOf(string tool) => tool == "pay" ? ToolClass.Financial : ToolClass.Uncertain;
        var overview = PolicyOverview.Of(
            Encoding.UTF8.GetBytes(Document(Members)), ["keep", "pay", "send_x"], ClassOf)!;

        foreach (var (name, tool) in ((string, string)[])
            [("keep", "keep"), ("class Financial", "pay"), ("class uncertain", "send_x")])
            Assert.Equal(tool, Assert.Single(overview.Parts.Single(one => one.Name == name).Tools));
        Assert.Empty(overview.Uncovered);
    }

    [Fact]
    public void Diff_shows_an_added_class_for_the_default_and_for_each_pattern()
    {
        var (before, after) = (Encoding.UTF8.GetBytes("""{"version":"1","default":"allow","tools":{"a*":{},"b":{}}}"""),
            Encoding.UTF8.GetBytes("""
                {"version":"1","default":"allow","tools":{"a*":{},"b":{}},"classes":{"Secret":{"action":"deny"},
                 "uncertain":{} } }
                """));

        var found = PolicyDiff.Compare(
            PolicyLoader.Load(before, "a").Policy!, before, PolicyLoader.Load(after, "b").Policy!, after);

        Assert.Equal(
            ["(any other tool) of class Secret", "a* of class Secret"],
            found.Where(static one => one.Change == "tighter").Select(static one => one.Tool)
                .Order(StringComparer.Ordinal));
        Assert.DoesNotContain(found, static one => one.Change == "looser");
    }

    [Fact]
    public void A_replay_uses_the_accepted_class_and_cannot_decide_without_one()
    {
        var call = new RecordedCall
        {
            TimeMs = 1,
            CallId = "1",
            Grant = "g",
            Server = "s",
            Method = "tools/call",
            Subject = PolicySubject.Tool,
            Name = "send_x",
            HasSession = true,
            Outcome = "allowed",
            Rule = "/tools/send_*",
        };

        Assert.Equal("denied", Replay(static _ => ToolClass.Destructive).Outcome);
        Assert.Equal("allowed", Replay(static _ => ToolClass.Read).Outcome);
        Assert.Contains("the accepted class of the tool", Replay(static _ => null).Reason, StringComparison.Ordinal);

        ReplayAnswer Replay(Func<RecordedCall, ToolClass?> classOf) => new PolicyReplay(
            static _ => Binding, static _ => null, new RecordFacts(), classOf).Evaluate(call)!.Value;
    }

    private static List<string> Review(string document, params (string Name, ToolClass Class)[] tools) =>
    [
        .. PolicyReview.Run(Encoding.UTF8.GetBytes(document), "p.json",
            [.. tools.Select(static one => new ReviewedTool(one.Name, default, null) { Class = one.Class })])
            .Where(static one => one.Kind == FindingKind.ClassBeforePattern || one.Kind == FindingKind.LooseUncertain)
            .Select(static one => one.Message),
    ];
}
