using Gateway.Policy.Variants;
using Xunit.Abstractions;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class AmbiguousToolTests(ITestOutputHelper output)
{
    private const string Name = "delete_user";
    private const string Ambiguous = "(ambiguous tool)";

    private static readonly string[] Members =
    [
        """ "tools": { "delete_user": { "action": "deny" } } """,
        """ "tools": { "delete_*": { "action": "deny" } } """,
        """ "tools": { "*_user": { "action": "deny" }, "*": {} } """,
        """ "tools": { "d?lete_*r": { "action": "deny" } } """,
        """ "hide": [ "delete_user" ] """,
        """ "hide": [ "delete_*" ] """,
        """ "hide": [ "*_user" ], "tools": { "*": {} } """,
        """ "tools": { "delete_user": { "action": "approve" } } """,
        """ "tools": { "delete_user": { "limits": [ { "counter": "c", "window": "day", "max": 2 } ] }, "d*": {} } """,
        """ "tools": { "delete*": { "rate_limit": { "max": 2, "window": 60 } } } """,
        """ "tools": { "delete_user": { "deny_if": [ { "path": "args.x", "op": "exists", "value": false } ] } } """,
        """ "tools": { "delete_user": { "max_in_flight": { "max": 1 } } } """,
        """ "tools": { "delete_user": { "require": [ { "path": "args.x", "op": "exists" } ] }, "d*": {} } """,
        """ "tools": { "*_user": { "approve_if": [ { "path": "args.x", "op": "exists", "value": false } ] } } """,
        """ "tools": { "delete_user": { "arguments": { "required": [ "x" ] } }, "d*": {} } """,
        """ "tools": { "delete_user": { "results": { "redact": [ { "known": "secret" } ] } }, "d*": {} } """,
        """ "tools": { "delete_*": { "results": { "deny_if": [ { "path": "result.a", "op": "exists" } ] } } } """,
        """ "tools": { "delete_user": { "rounds": 0 }, "d*": { "rounds": 9 } } """,
        """ "all_tools": { "limits": [ { "counter": "c", "window": "day", "max": 2 } ] } """,
        """ "all_tools": { "deny_if": [ { "path": "args.x", "op": "exists", "value": false } ] } """,
    ];

    public static TheoryData<string> Policies => [.. Members];

    [Theory]
    [MemberData(nameof(Policies))]
    public void No_spelling_gets_a_laxer_decision_than_the_exact_name(string members)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var spellings = Spellings.All(Name)
            .Concat(Enumerable.Range(0, 3000).Select(_ => Spellings.Random(Name, random)))
            .Where(static one => one != Name).ToList();
        foreach (var accepts in new[] { false, true })
        {
            var binding = Bind($$"""{"version":"1","default":"allow",{{members}}}""");
            var exact = Call(binding, Name, "{}");
            foreach (var spelling in spellings)
            {
                // A server that lists the spelling itself does not open it, unless somebody accepted it.
                var decision = Decide(
                    binding, spelling, new NameListing(accepts, []), ToolStanding.Unaccepted);
                Assert.False(IsLaxer(decision, exact),
                    $"seed {seed}: \"{spelling}\" ({Points(spelling)}) is {decision.Outcome} by {decision.Rule}");
            }
        }
    }

    [Fact]
    public void Every_other_spelling_of_a_denied_tool_is_denied_by_default_allow()
    {
        var binding = Bind("""{"version":"1","default":"allow","tools":{"delete_user":{"action":"deny"}}}""");
        foreach (var spelling in Spellings.All(Name))
            Assert.Equal((DecisionOutcome.Deny, Ambiguous), Decision(Decide(binding, spelling)));
        Assert.Equal((DecisionOutcome.Allow, "(default allow)"), Decision(Decide(binding, "list_users")));
        Assert.Equal((DecisionOutcome.Deny, "/tools/delete_user/action"), Decision(Decide(binding, Name)));
    }

    [Theory]
    [InlineData("getUser")]
    [InlineData("Get Weather")]
    [InlineData("list_customers_10")]
    [InlineData("größe")]
    [InlineData("удалить")]
    [InlineData("ツール")]
    public void A_name_that_no_other_entry_looks_like_is_decided_as_it_is_written(string name)
    {
        var binding = Bind($$"""
            {"version":"1","default":"deny",
             "tools":{"{{name}}":{},"other":{"action":"deny"},"get*":{},"*":{"action":"deny"} } }
            """);
        Assert.Equal((DecisionOutcome.Allow, "/tools/" + name), Decision(Decide(binding, name)));
        Assert.Equal("(default allow)", Decide(Bind("""{"version":"1","default":"allow"}"""), name).Rule);
    }

    [Fact]
    public void A_listed_and_accepted_name_is_decided_as_it_is_written()
    {
        var binding = Bind("""{"version":"1","default":"allow","tools":{"delete_user":{"action":"deny"}}}""");
        Assert.Equal("(default allow)", Decide(binding, "Delete_User", NameListing.Listed).Rule);
        Assert.Equal(Ambiguous, Decide(binding, "Delete_User", NameListing.Listed, ToolStanding.Unaccepted).Rule);
        Assert.Equal(Ambiguous, Decide(binding, "Delete_User", NameListing.Unknown).Rule);
        Assert.Equal(Ambiguous, Decide(binding, "delete_user\u200b", NameListing.Listed).Rule);
        Assert.True(PolicyEngine.IsListed(binding, ListKind.Tools, "Delete_User"));
        Assert.False(PolicyEngine.IsListed(binding, ListKind.Tools, "Delete_User", ToolStanding.Unaccepted));
        Assert.False(PolicyEngine.IsListed(binding, ListKind.Tools, "get\u00a0user"));
    }

    [Fact]
    public void A_name_that_looks_like_a_listed_one_is_denied()
    {
        var binding = Bind("""{"version":"1","default":"allow","tools":{"getuser":{}}}""");
        var listed = new ListedNames(["get_user", "getUser"]);
        Assert.Equal("(default allow)", Decide(binding, "get_user", listed.Of("get_user")).Rule);
        Assert.Equal(Ambiguous, Decide(binding, "Get_User", listed.Of("Get_User")).Rule);
        Assert.Equal(Ambiguous, Decide(binding, "get_uѕer", listed.Of("get_uѕer")).Rule);
        Assert.Equal(Ambiguous, Decide(binding, "getuser", listed.Of("getuser")).Rule);
    }

    [Fact]
    public void Two_listed_names_that_look_alike_are_denied_unless_the_policy_names_each()
    {
        var listed = new ListedNames(["getUser", "getuser", "list"]);
        foreach (var (members, rule) in new[]
        {
            ("""  "hide": []  """, Ambiguous),
            ("""  "tools": { "getUser": {} }  """, Ambiguous),
            ("""  "tools": { "get*": {} }  """, Ambiguous),
            ("""  "tools": { "getUser": {}, "getuser": { "action": "deny" } }  """, "/tools/getUser"),
            ("""  "tools": { "getUser": {} }, "hide": [ "getuser" ]  """, "/tools/getUser"),
        })
        {
            var binding = Bind($$"""{"version":"1","default":"allow",{{members}}}""");
            Assert.Equal(rule, Decide(binding, "getUser", listed.Of("getUser")).Rule);
            Assert.Equal(rule != Ambiguous,
                PolicyEngine.IsListed(binding, ListKind.Tools, "getUser", listing: listed.Of("getUser")));
            Assert.Equal("(default allow)", Decide(binding, "list", listed.Of("list")).Rule);
        }
    }

    [Fact]
    public void Shadow_mode_records_an_ambiguous_name_but_never_one_of_a_hidden_tool()
    {
        var shadow = Bind("""
            {"version":"1","default":"allow","mode":"shadow","hide":["secret"],
             "tools":{"delete_user":{"action":"deny"}}}
            """);
        var decision = Decide(shadow, "Delete_User");
        Assert.Equal((DecisionOutcome.Allow, Ambiguous), (decision.Outcome, decision.Shadow?.Rule));
        Assert.Equal(DecisionOutcome.Deny, Decide(shadow, "Secret").Outcome);
        Assert.Equal(DecisionOutcome.Deny, Decide(shadow, "get\u200b").Outcome);
        var entry = Bind("""
            {"version":"1","default":"allow","tools":{"delete_user":{"action":"deny"},"D*":{"mode":"shadow"}}}
            """);
        Assert.Equal(DecisionOutcome.Deny, Decide(entry, "Delete_User").Outcome);
    }

    [Fact]
    public void Prompts_are_denied_in_the_same_way()
    {
        var binding = Bind("""
            {"version":"1","default":"allow","prompts":{"deny":["secret","x_*"],"allow":["open"]}}
            """);
        foreach (var name in new[] { "Secret", "sеcret", "secret ", "ｓecret", "X_1", "op\u200ben", "\u00a0open" })
        {
            var decision = About(binding, PolicySubject.Prompt, name);
            Assert.Equal((DecisionOutcome.Deny, "(ambiguous prompt)"), Decision(decision));
            Assert.False(PolicyEngine.IsListed(binding, ListKind.Prompts, name));
        }

        Assert.Equal("/prompts/deny/0", About(binding, PolicySubject.Prompt, "secret").Rule);
        Assert.Equal("/prompts/allow/0", About(binding, PolicySubject.Prompt, "open").Rule);
        var listed = new ListedNames(["open", "Open", "other", "Other"]);
        foreach (var name in new[] { "open", "other", "OTHER" })
        {
            Assert.Equal("(ambiguous prompt)", PolicyEngine.Decide(
                binding, PolicyCall.OfPrompt(name) with { Listing = listed.Of(name) }).Rule);
        }
    }

    [Theory]
    [InlineData("""  "deny": [ "delete_user" ], "allow": [ "*" ]  """)]
    [InlineData("""  "deny": [ "delete_*" ]  """)]
    [InlineData("""  "deny": [ "*_user" ], "allow": [ "d*", "D*" ]  """)]
    public void No_spelling_of_a_denied_prompt_is_allowed(string members)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var binding = Bind($$"""{"version":"1","default":"allow","prompts":{ {{members}} } }""");
        var spellings = Spellings.All(Name)
            .Concat(Enumerable.Range(0, 1000).Select(_ => Spellings.Random(Name, random)));
        foreach (var spelling in spellings.Append(Name))
        {
            Assert.True(About(binding, PolicySubject.Prompt, spelling).Outcome == DecisionOutcome.Deny,
                $"seed {seed}: \"{spelling}\" ({Points(spelling)})");
        }
    }

    [Fact]
    public void An_explanation_shows_why_the_name_is_ambiguous()
    {
        var binding = Bind("""{"version":"1","default":"allow","tools":{"delete_user":{"action":"deny"}}}""");
        var explained = Explaining.PolicyExplainer.Explain(binding, PolicyCall.OfTool("Delete_User", default));
        var last = explained.Steps[^1];
        Assert.Equal(("name", Ambiguous, "deny"), (last.Name, last.Rule, last.Outcome));
        Assert.Contains("look-alike", last.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_name_with_other_than_plain_characters_is_denied_without_being_compared()
    {
        var binding = Bind("""{"version":"1","default":"allow","tools":{"a*b*c*d*":{"action":"deny"}}}""");
        Assert.Equal("(default allow)", Decide(binding, new string('x', 8000)).Rule);
        Assert.Equal(Ambiguous, Decide(binding, new string('ﷺ', 8000)).Rule);
    }

    [Fact]
    public void A_plain_exact_name_costs_no_memory()
    {
        var binding = Bind(Document("""  "tools":{"list_customers":{},"Delete_*":{"action":"deny"}}  """));
        var call = PolicyCall.OfTool("list_customers", default) with { Listing = NameListing.Listed };
        PolicyEngine.Decide(binding, call);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            PolicyEngine.Decide(binding, call);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static PolicyDecision Decide(
        PolicyBinding binding, string tool, NameListing? listing = null,
        ToolStanding standing = ToolStanding.Accepted) => PolicyEngine.Decide(
            binding, PolicyCall.OfTool(tool, "{}"u8.ToArray()) with { Listing = listing, Standing = standing });

    private static (DecisionOutcome Outcome, string Rule) Decision(PolicyDecision decision) =>
        (decision.Outcome, decision.Rule);

    private static bool IsLaxer(PolicyDecision decision, PolicyDecision exact) => decision.Outcome switch
    {
        DecisionOutcome.Deny => false,
        DecisionOutcome.Ask => exact.Outcome == DecisionOutcome.Deny,
        _ => exact.Outcome != DecisionOutcome.Allow
            || (exact.Results is not null && decision.Results is null) || decision.Rounds > exact.Rounds
            || exact.Costs.Concat(exact.InFlight).Any(cost =>
                !decision.Costs.Concat(decision.InFlight).Any(other => other.Cost.Key == cost.Cost.Key)),
    };

    private static string Points(string text) =>
        string.Join(' ', text.EnumerateRunes().Select(static rune => $"{rune.Value:X}"));
}
