using System.Buffers.Binary;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class ByValueTests
{
    [Theory]
    [InlineData("text", "\"Ann@x.org\"", "Ann@x.org")]
    [InlineData("text", "\"\"", "")]
    [InlineData("text", "5", "5")]
    [InlineData("text", "\"5\"", "5")]
    [InlineData("text", "5.0", "5")]
    [InlineData("text", "50e-1", "5")]
    [InlineData("text", "-0", "0")]
    [InlineData("text", "-0.0250", "-0.025")]
    [InlineData("text", "1e3", "1000")]
    [InlineData("text", "true", "true")]
    [InlineData("text", "false", "false")]
    [InlineData("lower", "\"Ann@X.org\"", "ann@x.org")]
    [InlineData("lower", "\"ÄÉ\"", "äé")]
    [InlineData("digits", "\"+54 (11) 5555-0100\"", "541155550100")]
    [InlineData("digits", "55", "55")]
    [InlineData("number", "\"5.00\"", "5")]
    [InlineData("number", "0.5e1", "5")]
    public void A_value_has_one_form(string form, string value, string counted) =>
        Assert.Equal([counted], Values(Evaluate(Entry($$"""{"path":"args.to","as":"{{form}}"}"""), To(value))));

    [Theory]
    [InlineData("text", "{}", "is missing")]
    [InlineData("text", "{\"to\":null}", "is not a string, a number or a boolean")]
    [InlineData("text", "{\"to\":[\"a\"]}", "is not a string, a number or a boolean")]
    [InlineData("text", "{\"to\":{}}", "is not a string, a number or a boolean")]
    [InlineData("text", "{\"to\":1e600}", "is not a number, or has too many digits")]
    [InlineData("text", "{\"to\":1e-600}", "is not a number, or has too many digits")]
    [InlineData("digits", "{\"to\":\"none\"}", "has no digits from 0 to 9, or has digits of another script")]
    [InlineData("digits", "{\"to\":true}", "has no digits from 0 to 9, or has digits of another script")]
    [InlineData("digits", "{\"to\":\"٥٥\"}", "has no digits from 0 to 9, or has digits of another script")]
    [InlineData("digits", "{\"to\":\"5٥5\"}", "has no digits from 0 to 9, or has digits of another script")]
    [InlineData("digits", "{\"to\":\"5５\"}", "has no digits from 0 to 9, or has digits of another script")]
    [InlineData("digits", "{\"to\":\"5²\"}", "has no digits from 0 to 9, or has digits of another script")]
    [InlineData("digits", "{\"to\":\"5𝟓\"}", "has no digits from 0 to 9, or has digits of another script")]
    [InlineData("number", "{\"to\":\"0x10\"}", "is not a number, or has too many digits")]
    [InlineData("number", "{\"to\":\"05\"}", "is not a number, or has too many digits")]
    [InlineData("number", "{\"to\":true}", "is not a number, or has too many digits")]
    public void Denies_when_there_is_nothing_to_count_by(string form, string arguments, string why)
    {
        var decision = Evaluate(Entry($$"""{"path":"args.to","as":"{{form}}"}"""), arguments);
        Assert.Equal((DecisionOutcome.Deny, "/tools/t/limits/0/by"), (decision.Outcome, decision.Rule));
        Assert.StartsWith($"args.to {why}, so the limit on sent", decision.Reason, StringComparison.Ordinal);
        Assert.Empty(decision.Costs);
    }

    [Fact]
    public void A_value_may_have_512_bytes_and_no_more()
    {
        var most = new string('é', 256);
        Assert.Equal([most], Values(Evaluate(Entry("\"args.to\""), To($"\"{most}\""))));
        var denied = Evaluate(Entry("\"args.to\""), To($"\"{most}x\""));
        Assert.Contains("is longer than 512 bytes", denied.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_paths_count_the_pair_and_no_two_pairs_are_one()
    {
        var entry = Entry("""["args.a",{"path":"args.b","as":"lower"}]""");
        Assert.Equal(["x", "y"], Values(Evaluate(entry, """{"a":"x","b":"Y"}""")));
        Assert.NotEqual(
            Raw(Evaluate(entry, """{"a":"x","b":"yz"}""")), Raw(Evaluate(entry, """{"a":"xy","b":"z"}""")));
        Assert.Equal("/tools/t/limits/0/by", Evaluate(entry, """{"a":"x"}""").Rule);
    }

    [Fact]
    public void Paths_and_forms_are_part_of_what_the_counter_is()
    {
        string[] by =
        [
            "\"args.a\"", "\"args.b\"", """{"path":"args.a","as":"lower"}""", """["args.a","args.b"]""",
            """["args.b","args.a"]""",
        ];
        var keys = by.Select(one => Evaluate(Entry(one), """{"a":"x","b":"x"}""").LimitCosts[0].Key.Text).ToList();
        Assert.Equal(by.Length, keys.Distinct().Count());
        var text = Evaluate(Entry("""{"path":"args.a","as":"text"}"""), """{"a":"z"}""");
        Assert.Equal(keys[0], text.LimitCosts[0].Key.Text);
        Assert.DoesNotContain(keys, static key => key.Contains("args", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reset_of_a_counter_by_value_resets_each_value()
    {
        var loaded = Load(Document($$"""  "tools":{"t":{{Entry("\"args.a\"")}} }  """)).Policy!;
        var shown = Assert.Single(loaded.Bind("g", "s").Counters, static cost => cost.Counter == "sent");
        Assert.Equal("7", shown.Cost.Max.ToString());
        var reset = new CounterGenerations([new(CounterGenerations.IdentityOf(shown.Cost.Key), 3)]);
        var cost = Call(loaded.Bind("g", "s", reset), "t", """{"a":"x"}""").LimitCosts[0];
        Assert.Equal((3, 3), (cost.Key.Generation, cost.Value!.Values.Generation));
        Assert.Equal(shown.Cost.Key.Counter, cost.Value.Values.Counter);
    }

    [Fact]
    public void A_limit_in_shadow_only_says_that_it_cannot_count()
    {
        var decision = Evaluate("""{"mode":"shadow",""" + Entry("\"args.to\"")[1..], "{}");
        Assert.Equal((DecisionOutcome.Allow, "/tools/t/limits/0/by"), (decision.Outcome, decision.Shadow!.Rule));
    }

    [Fact]
    public void One_counter_with_two_bounds_of_its_values_is_an_error()
    {
        var loaded = Load(Document("""
            "tools": {
              "a": { "limits": [ { "counter": "c", "window": 60, "max": 1, "by": "args.x" } ] },
              "b": { "limits": [ { "counter": "c", "window": 60, "max": 1, "by": "args.x", "keys_max": 5 } ] },
              "c": { "limits": [ { "counter": "c", "window": 60, "max": 2, "by": "args.y" } ] }
            }
            """));
        var problem = Assert.Single(loaded.Problems);
        Assert.Contains("has keys_max 5 here and 10000 at /tools/a/limits/0", problem.Message);
    }

    [Fact]
    public void A_limit_of_all_is_not_called_needless_beside_one_by_value()
    {
        const string all = """{"counter":"all","window":60,"max":50}""";
        const string each = """{"counter":"each","window":60,"max":5,"by":"args.x"}""";
        Assert.Empty(Load(Document($$"""  "tools":{"t":{"limits":[{{all}},{{each}}] } }  """)).Problems);
        var loose = each.Replace("5,", "60,", StringComparison.Ordinal);
        Assert.Contains("never refuses a call", Assert.Single(
            Load(Document($$"""  "tools":{"t":{"limits":[{{all}},{{loose}}] } }  """)).Problems).Message);
    }

    private static string Entry(string by) =>
        $$"""{"number":"decimal","limits":[{"counter":"sent","window":"day","max":3,"by":{{by}},"keys_max":7}]}""";

    private static string To(string value) => "{\"to\":" + value + "}";

    private static byte[] Raw(PolicyDecision decision) => decision.LimitCosts[0].Value!.Parts.ToArray();

    internal static List<string> Values(PolicyDecision decision) => Values(Raw(decision));

    internal static List<string> Values(byte[] raw)
    {
        var values = new List<string>();
        for (var rest = raw.AsSpan(); rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            values.Add(Encoding.UTF8.GetString(rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }

        return values;
    }
}
