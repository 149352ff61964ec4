using Gateway.Policy.Tests.Costs;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

/// <summary>What is written side by side and cannot both be meant: said, and loaded all the same.</summary>
public class ContradictionTests
{
    [Fact]
    public void Warns_of_limits_beside_a_denial() => Warns(
        "/tools/a/limits/0", "refuses every call, so this limit",
        """ "tools":{"a":{"action":"deny","limits":[{"counter":"c","window":60,"max":1}]}} """);

    [Fact]
    public void Warns_of_an_approval_that_waits_longer_than_it_lives() => Warns(
        "/tools/a/approval", "waits 120 s for a decision on a request that is open 60 s",
        """ "tools":{"a":{"action":"approve","approval":{"expires":"1m","wait":"2m"}}} """);

    [Fact]
    public void Warns_of_two_patterns_that_can_name_one_tool() => Warns(
        "/tools/send_*", "\"send_*\" and \"*_message\" (/tools/*_message) can match the same tool",
        """ "tools":{"send_*":{},"*_message":{}} """);

    [Theory]
    [InlineData("""{"counter":"c","window":"minute","max":10}""", """{"counter":"d","window":"hour","max":600}""")]
    [InlineData("""{"counter":"c","window":"hour","max":10}""", """{"counter":"d","window":"minute","max":10}""")]
    [InlineData("""{"counter":"c","window":"day","max":10}""", """{"counter":"d","window":"week","max":70}""")]
    [InlineData("""{"counter":"c","window":"day","max":10}""", """{"counter":"d","window":"month","max":310}""")]
    [InlineData("""{"counter":"c","window":"month","max":10}""", """{"counter":"d","window":"day","max":10}""")]
    [InlineData("""{"counter":"c","window":90,"max":10}""", """{"counter":"d","window":60,"max":20}""")]
    [InlineData(
        """{"counter":"c","window":"month","max":10,"zone":"Asia/Tokyo"}""",
        """{"counter":"d","window":"month","max":10,"zone":"Asia/Tokyo"}""")]
    [InlineData("""{"counter":"c","window":60,"max":10,"kind":"sliding"}""", """{"counter":"d","window":50,"max":10}""")]
    [InlineData("""{"counter":"c","window":60,"max":10}""", """{"counter":"d","window":60,"max":20,"kind":"sliding"}""")]
    [InlineData("""{"counter":"c","window":60,"max":10,"scope":"server"}""", """{"counter":"d","window":60,"max":10}""")]
    [InlineData("""{"counter":"c","window":60,"max":10,"increment":2}""", """{"counter":"d","window":60,"max":10}""")]
    [InlineData(
        """{"counter":"c","window":60,"max":10,"increment_from":"args.n"}""",
        """{"counter":"d","window":60,"max":10,"increment_from":"args.n"}""")]
    public void Warns_of_a_limit_that_another_is_always_tighter_than(string tight, string loose)
    {
        Warns("/tools/a/limits/1", "this limit never refuses a call: /tools/a/limits/0", Limits(tight, loose));
        Warns("/tools/a/limits/0", "this limit never refuses a call: /all_tools/limits/0",
            $$""" "all_tools":{"limits":[{{tight}}] }, "tools":{"a":{"limits":[{{loose}}] } } """);
    }

    [Theory]
    [InlineData("""{"counter":"c","window":"minute","max":10}""", """{"counter":"d","window":"hour","max":599}""")]
    [InlineData("""{"counter":"c","window":"hour","max":10}""", """{"counter":"d","window":"minute","max":9}""")]
    [InlineData("""{"counter":"c","window":"day","max":10}""", """{"counter":"d","window":"month","max":309}""")]
    // A week that is a length begins on Thursday, so one of Monday's touches two of it.
    [InlineData("""{"counter":"c","window":"7d","max":10}""", """{"counter":"d","window":"week","max":19}""")]
    [InlineData("""{"counter":"c","window":90,"max":10}""", """{"counter":"d","window":60,"max":19}""")]
    // A date of another zone touches two of this one's.
    [InlineData(
        """{"counter":"c","window":"day","max":10,"zone":"Asia/Tokyo"}""", """{"counter":"d","window":"day","max":19}""")]
    [InlineData(
        """{"counter":"c","window":"day","max":10}""", """{"counter":"d","window":"day","max":19,"zone":"Asia/Tokyo"}""")]
    [InlineData(
        """{"counter":"c","window":"hour","max":10}""",
        """{"counter":"d","window":"day","max":250,"zone":"Asia/Kolkata"}""")]
    [InlineData("""{"counter":"c","window":60,"max":10}""", """{"counter":"d","window":60,"max":19,"kind":"sliding"}""")]
    [InlineData("""{"counter":"c","window":60,"max":10}""", """{"counter":"d","window":60,"max":10,"scope":"server"}""")]
    [InlineData("""{"counter":"c","window":60,"max":10,"scope":"session"}""", """{"counter":"d","window":60,"max":10}""")]
    [InlineData("""{"counter":"c","window":60,"max":10}""", """{"counter":"d","window":60,"max":10,"increment":2}""")]
    [InlineData(
        """{"counter":"c","window":60,"max":10,"refund_on_error":true}""", """{"counter":"d","window":60,"max":10}""")]
    [InlineData(
        """{"counter":"c","window":60,"max":10}""",
        """{"counter":"d","window":60,"max":10,"increment_from":"args.n"}""")]
    public void Says_nothing_of_a_limit_that_can_refuse_first(string one, string other) => Assert.DoesNotContain(
        NeverRefuses(Limits(one, other)), static problem => problem.Pointer == "/tools/a/limits/1");

    [Fact]
    public void Says_nothing_of_a_counter_that_other_tools_count_on_too() => Assert.Empty(NeverRefuses("""
        "tools":{
          "a":{"limits":[{"counter":"c","window":60,"max":10},{"counter":"all","window":60,"max":10}]},
          "b":{"limits":[{"counter":"all","window":60,"max":10}]}}
        """));

    [Fact]
    public void Says_nothing_of_what_shadow_mode_only_records() => Assert.Empty(NeverRefuses("""
        "tools":{"a":{"mode":"shadow","limits":[
          {"counter":"c","window":60,"max":1},{"counter":"d","window":60,"max":5}]}}
        """));

    [Fact]
    public void Says_nothing_of_an_exception_within_a_pattern() =>
        Assert.Empty(Load(Document(""" "tools":{"send_*":{},"send_sms_*":{},"send_sms_now":{}} """)).Problems);

    [Theory]
    [InlineData("7d", 604_800)]
    [InlineData("1d", 86_400)]
    public void Takes_days(string window, long seconds)
    {
        var policy = Load(Document(Limits($$"""{"counter":"c","window":"{{window}}","max":1}""")));

        Assert.Empty(policy.Problems);
        Assert.True(Gateway.Limits.Model.Window.TryParse(window, out var read));
        Assert.Equal(seconds, read.Seconds);
    }

    [Theory]
    [InlineData("1w")]
    [InlineData("w")]
    [InlineData("2W")]
    [InlineData("1mo")]
    public void Refuses_weeks_and_other_units_with_the_list(string window)
    {
        var problem = Assert.Single(
            Load(Document(Limits($$"""{"counter":"c","window":"{{window}}","max":1}"""))).Problems);

        Assert.Equal(ProblemSeverity.Error, problem.Severity);
        Assert.Contains("\"week\", \"month\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("s, m, h or d such as \"15m\" or \"7d\"", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loads_many_entries_in_bounded_time()
    {
        var limits = string.Join(',', Enumerable.Range(0, 16).Select(
            static i => $$"""{"counter":"c{{i}}","window":{{60 + i}},"max":{{10 + i}}}"""));
        var tools = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$""" "t{{i}}*x":{"limits":[{{limits}}]} """));
        var took = ThreadClock.Of(() => Load(Document($$""" "tools":{ {{tools}} } """)));

        Assert.InRange(took, TimeSpan.Zero, 2500 * ThreadClock.Megabyte);
    }

    private static string Limits(params string[] limits) =>
        $$""" "tools":{"a":{"limits":[{{string.Join(',', limits)}}] } } """;

    private static void Warns(string pointer, string message, string members)
    {
        var loaded = Load(Document(members));

        Assert.NotNull(loaded.Policy);
        Assert.Contains(loaded.Problems, problem => problem.Severity == ProblemSeverity.Warning
            && problem.Pointer == pointer && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    private static IEnumerable<PolicyProblem> NeverRefuses(string members)
    {
        var loaded = Load(Document(members));
        Assert.NotNull(loaded.Policy);
        return loaded.Problems.Where(
            static problem => problem.Message.Contains("never refuses", StringComparison.Ordinal));
    }
}
