using FsCheck;
using FsCheck.Fluent;
using Gateway.Policy.Tests.Oracle;
using Gateway.Policy.Tools.Diff;
using Gateway.Policy.Tools.Testing;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Tools.Diff;

public class PolicyDiffTests
{
    /// <summary>A Monday at midnight in UTC.</summary>
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("{}", """{"action":"deny"}""", "tighter")]
    [InlineData("""{"action":"deny","reason":"a"}""", """{"action":"deny","reason":"b"}""", null)]
    [InlineData("{}", """{"action":"approve"}""", "tighter")]
    [InlineData("""{"mode":"shadow","action":"deny"}""", """{"action":"deny"}""", "tighter")]
    [InlineData("""{"deny_if":[{"path":"args.n","op":"gt","value":10}]}""",
        """{"deny_if":[{"path":"args.n","op":"gte","value":10}]}""", "tighter")]
    [InlineData("""{"deny_if":[{"path":"args.n","op":"gt","value":10}]}""",
        """{"deny_if":[{"path":"args.n","op":"gt","value":100}]}""", "looser")]
    [InlineData("""{"require":[{"path":"args.to","op":"in","value":["a","b"]}]}""",
        """{"require":[{"path":"args.to","op":"in","value":["b","c"]}]}""", "different")]
    [InlineData("""{"require":[{"path":"caller.claims.g","op":"has","value":"a"}]}""",
        """{"deny_if":[{"path":"caller.claims.g","op":"has","value":"a"}]}""", "different")]
    [InlineData("""{"require":[{"path":"caller.claims.g","op":"has","value":"a"}]}""",
        """{"require":[{"path":"caller.claims.g","op":"exists"}]}""", "looser")]
    [InlineData("""{"limits":[{"counter":"c","window":"day","max":3,"scope":"subject","without":"grant"}]}""",
        """{"limits":[{"counter":"c","window":"day","max":3,"scope":"subject"}]}""", "tighter")]
    [InlineData("""{"limits":[{"counter":"c","window":"day","max":3,"scope":"subject"}]}""",
        """{"limits":[{"counter":"c","window":"day","max":4,"scope":"subject"}]}""", "looser")]
    [InlineData("""{"require":[{"path":"args.u","op":"host_in","value":["a.example"]}]}""",
        """{"require":[{"path":"args.u","op":"host_in","value":["a.example","b.example"]}]}""", "looser")]
    [InlineData("""{"require":[{"path":"args.id","op":"matches","value":"^inv-[0-9]{4}$"}]}""",
        """{"require":[{"path":"args.id","op":"matches","value":"^(inv|cre)-[0-9]{4}$"}]}""", "looser")]
    [InlineData("""{"require":[{"path":"args.a","op":"exists"},{"path":"args.b","op":"length_lte","value":8}]}""",
        """{"require":[{"path":"args.a","op":"exists"},{"path":"args.b","op":"length_lte","value":9}]}""", "looser")]
    [InlineData("""{"require":[{"path":"args.list[*].n","op":"lt","value":5}]}""",
        """{"require":[{"path":"args.list[*].n","op":"lt","value":7}]}""", "looser")]
    [InlineData("""{"arguments":{"type":"object","properties":{"n":{"type":"integer","maximum":5}}}}""",
        """{"arguments":{"type":"object","properties":{"n":{"type":"integer","maximum":9}}}}""", "looser")]
    [InlineData("""{"limits":[{"counter":"c","window":"minute","max":10}]}""",
        """{"limits":[{"counter":"c","window":"minute","max":5}]}""", "tighter")]
    [InlineData("""{"limits":[{"counter":"c","window":"minute","max":10}]}""",
        """{"limits":[{"counter":"c","window":"hour","max":10}]}""", "tighter")]
    [InlineData("""{"limits":[{"counter":"c","window":"minute","max":10}]}""",
        """{"limits":[{"counter":"c","window":"minute","max":10,"scope":"server"}]}""", "tighter")]
    [InlineData("""{"limits":[{"counter":"c","window":"minute","max":4}]}""",
        """{"limits":[{"counter":"c","window":"minute","max":4,"kind":"sliding"}]}""", "tighter")]
    [InlineData("""{"limits":[{"counter":"c","window":"day","max":"20.00","increment_from":"args.sum"}]}""",
        """{"limits":[{"counter":"c","window":"day","max":"25.00","increment_from":"args.sum"}]}""", "looser")]
    [InlineData("""{"limits":[{"counter":"c","window":"day","max":100000}]}""",
        """{"limits":[{"counter":"c","window":"day","max":200000}]}""", "different")]
    [InlineData("{}", """{"max_in_flight":{"max":3}}""", "tighter")]
    [InlineData("""{"max_in_flight":{"max":3}}""", """{"max_in_flight":{"max":5}}""", "looser")]
    [InlineData("""{"max_in_flight":{"max":3}}""", """{"max_in_flight":{"max":3,"scope":"server"}}""", "tighter")]
    [InlineData("""{"max_in_flight":{"max":3}}""", """{"max_in_flight":{"max":5,"scope":"server"}}""", "different")]
    [InlineData("""{"require":[{"time":{"zone":"UTC","days":["mon-fri"],"hours":["09:00-18:00"]}}]}""",
        """{"require":[{"time":{"zone":"UTC","days":["mon-fri"],"hours":["09:00-20:00"]}}]}""", "looser")]
    [InlineData("""{"limits":[{"counter":"c","window":"day","max":2,"zone":"Asia/Tokyo"}]}""",
        """{"limits":[{"counter":"c","window":"day","max":3,"zone":"Asia/Tokyo"}]}""", "looser")]
    [InlineData("""{"limits":[{"counter":"c","window":"day","max":2}]}""",
        """{"limits":[{"counter":"c","window":"day","max":2,"zone":"Asia/Tokyo"}]}""", "different")]
    public void Says_what_becomes_of_a_tool(string before, string after, string? change)
    {
        var found = Compare(
            Document($"\"tools\":{{\"t\":{before}}}"), Document($"\"tools\":{{\"t\":{after}}}"));

        Assert.Equal(change is null ? [] : [("t", change)], found.Select(one => (one.Tool, one.Change)));
    }

    [Fact]
    public void Says_it_of_patterns_the_default_hidden_tools_and_resources()
    {
        var found = Compare(
            """
            {"version":"1","default":"deny","hide":["h"],"tools":{"send_*":{},"same":{}},
             "resources":{"allow":["file:///a/*"]}}
            """,
            """
            {"version":"1","default":"allow","tools":{"send_*":{"action":"deny"},"same":{}},
             "resources":{"default":"deny"}}
            """);

        Assert.Equal(
            [
                ("send_*", "tighter"), ("h", "looser"), (PolicyDiff.OtherTools, "looser"),
                ("resources file:///a/*", "tighter"), ("prompts (any other)", "looser"),
            ],
            found.Select(one => (one.Tool, one.Change)));
    }

    [Fact]
    public void Says_in_a_sentence_which_call_shows_it()
    {
        var found = Compare(
            Document("""
                "tools":{"pay":{"deny_if":[{"path":"args.n","op":"gt","value":10,"reason":"Too much"}]},
                         "otp":{"rate_limit":{"max":3,"window":60}}}
                """),
            Document("""
                "tools":{"pay":{},"otp":{"rate_limit":{"max":2,"window":60}}}
                """));

        Assert.Equal(
            "pay {\"n\":11}: deny by /tools/pay/deny_if/0 (Too much) before the change, "
            + "allow by /tools/pay after it",
            found[0].Examples.Single().ToString());
        Assert.StartsWith(
            "otp {}, call 3 at 0 s: allow by /tools/otp before the change, rate_limit by "
            + "/tools/otp/rate_limit (", found[1].Examples.Single().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_example_is_decided_differently_and_a_difference_is_not_overlooked()
    {
        var (examples, seen, overlooked) = (0, 0, 0);
        var cases =
            from before in RandomPolicies.Document
            from after in RandomPolicies.Document
            from tool in RandomPolicies.Tool
            from arguments in RandomPolicies.Arguments
            select (before, after, tool, arguments);
        Prop.ForAll(Arb.From(cases), example =>
        {
            var (before, after, tool, arguments) = example;
            var found = Compare(before, after, [tool]);
            foreach (var shown in found.SelectMany(one => one.Examples).Where(shown => shown.Tool == tool))
            {
                examples++;
                Assert.NotEqual(Openness(Last(before, shown)), Openness(Last(after, shown)));
                Assert.Equal(Openness(Last(after, shown)) > Openness(Last(before, shown)), shown.IsLooser);
            }

            var old = Call(Bind(before), tool, arguments, at: Start);
            var now = Call(Bind(after), tool, arguments, at: Start);
            // The comparison is of entries: a name that only looks like an entry's is denied whatever the entries say.
            if (old.Outcome == now.Outcome || PolicyRuleNames.AmbiguousTool == old.Rule
                || PolicyRuleNames.AmbiguousTool == now.Rule)
            {
                return true;
            }

            seen++;
            overlooked += found.Any(one => one.Examples.Length > 0) ? 0 : 1;
            // At least the text says it.
            return found.Length > 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

        Assert.True(examples > 10, $"{examples} examples");
        Assert.True(overlooked * 4 <= seen, $"{overlooked} of {seen} differences without an example");
    }

    private static ImmutableArray<ToolDifference> Compare(
        string before, string after, IReadOnlyList<string>? tools = null) => PolicyDiff.Compare(
        Load(before).Policy!, Encoding.UTF8.GetBytes(before),
        Load(after).Policy!, Encoding.UTF8.GetBytes(after), tools);

    private static CallDecision Last(string policy, CallExample example)
    {
        var sequence = new CallSequence(Load(policy).Policy!);
        var outcomes =
            from step in example.Steps
            from _ in Enumerable.Range(0, step.Times)
            select sequence.Call(step.Grant, Start.ToUnixTimeMilliseconds() + step.AtMs, example.Tool,
                Encoding.UTF8.GetBytes(example.Arguments), CallerOf(example.Caller));
        return outcomes.ToList()[^1];
    }

    private static int Openness(CallDecision outcome) => outcome.Word switch { "allow" => 2, "ask" => 1, _ => 0 };
}
