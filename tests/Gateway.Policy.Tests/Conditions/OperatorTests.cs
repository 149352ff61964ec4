using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Conditions;

/// <summary>Each row: a condition on args.x, its value, the argument, and what it comes to.</summary>
public class OperatorTests
{
    // holds: passes under require, denies under deny_if. fails: the opposite. denies: denies under both.
    internal const string Holds = "holds";
    internal const string Fails = "fails";
    internal const string Denies = "denies";

    [Theory]
    [InlineData("exists", "true", "null", Holds)]
    [InlineData("exists", "false", "null", Fails)]
    [InlineData("exists", "false", null, Holds)]
    [InlineData("exists", "true", null, Fails)]
    [InlineData("eq", "\"a\"", "\"a\"", Holds)]
    [InlineData("eq", "\"a\"", "\"A\"", Fails)]
    [InlineData("eq", "\"é\"", "\"e\u0301\"", Fails)]
    [InlineData("eq", "\"a\"", "1", Denies)]
    [InlineData("eq", "\"1\"", "1", Denies)]
    [InlineData("eq", "\"a\"", "[\"a\"]", Denies)]
    [InlineData("eq", "\"a\"", "null", Denies)]
    [InlineData("eq", "\"a\"", null, Fails)]
    [InlineData("eq", "1", "1.0", Holds)]
    [InlineData("eq", "1", "10e-1", Holds)]
    [InlineData("eq", "1", "\"1.00\"", Holds)]
    [InlineData("eq", "1", "\"01\"", Denies)]
    [InlineData("eq", "1", "\"0x1\"", Denies)]
    [InlineData("eq", "1", "\" 1\"", Denies)]
    [InlineData("eq", "1", "\"\u0661\"", Denies)]
    [InlineData("eq", "1", "\"1,000\"", Denies)]
    [InlineData("eq", "1", "true", Denies)]
    [InlineData("eq", "0", "-0", Holds)]
    [InlineData("eq", "0", "-0.0e9", Holds)]
    [InlineData("eq", "1e400", "10e399", Holds)]
    [InlineData("eq", "1e400", "1e401", Fails)]
    [InlineData("eq", "9007199254740993", "9007199254740992", Fails)]
    [InlineData("eq", "0.1", "0.10000000000000000000000000001", Fails)]
    [InlineData("eq", "1e99999999999999999", "1e99999999999999998", Fails)]
    [InlineData("eq", "1", "1e999999999999999999999", Denies)]
    [InlineData("eq", "null", "null", Holds)]
    [InlineData("eq", "null", "5", Fails)]
    [InlineData("neq", "null", "5", Holds)]
    [InlineData("eq", "true", "true", Holds)]
    [InlineData("eq", "true", "false", Fails)]
    [InlineData("eq", "true", "\"true\"", Denies)]
    [InlineData("eq", "[1,\"a\"]", "[1.0,\"a\"]", Holds)]
    [InlineData("eq", "[1]", "[1,2]", Fails)]
    [InlineData("eq", "[1]", "[\"x\"]", Denies)]
    [InlineData("eq", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", Holds)]
    [InlineData("eq", "{\"a\":1}", "{\"b\":1}", Fails)]
    [InlineData("eq", "{\"a\":1}", "{}", Fails)]
    [InlineData("neq", "\"a\"", "\"b\"", Holds)]
    [InlineData("neq", "\"a\"", "\"a\"", Fails)]
    [InlineData("neq", "\"a\"", "1", Denies)]
    [InlineData("neq", "\"a\"", null, Fails)]
    [InlineData("in", "[\"a\",\"b\"]", "\"b\"", Holds)]
    [InlineData("in", "[\"a\",\"b\"]", "\"c\"", Fails)]
    [InlineData("in", "[\"a\",\"b\"]", "1", Denies)]
    [InlineData("in", "[\"a\",1]", "\"c\"", Fails)]
    [InlineData("in", "[\"a\",1]", "\"1.0\"", Holds)]
    [InlineData("in", "[\"a\"]", null, Fails)]
    [InlineData("not_in", "[\"a\",\"b\"]", "\"c\"", Holds)]
    [InlineData("not_in", "[\"a\",\"b\"]", "\"a\"", Fails)]
    [InlineData("not_in", "[\"a\"]", "[\"a\"]", Denies)]
    [InlineData("not_in", "[\"a\"]", null, Fails)]
    public void Compares_for_equality(string op, string value, string? argument, string expected) =>
        AssertTruth(op, value, argument, expected);

    [Theory]
    [InlineData("lt", "10", "9.999999999999999999999", Holds)]
    [InlineData("lt", "10", "10", Fails)]
    [InlineData("lt", "10", "\"9\"", Holds)]
    [InlineData("lt", "10", "-1e400", Holds)]
    [InlineData("lte", "10", "10.0", Holds)]
    [InlineData("lte", "10", "10.000000000000000000001", Fails)]
    [InlineData("gt", "10000", "1e4", Fails)]
    [InlineData("gt", "10000", "1e400", Holds)]
    [InlineData("gt", "10000", "\"25.00\"", Fails)]
    [InlineData("gt", "10000", "\"ten\"", Denies)]
    [InlineData("gt", "10000", "\"\"", Denies)]
    [InlineData("gt", "10000", "\"1e5 \"", Denies)]
    [InlineData("gt", "10000", "[20000]", Denies)]
    [InlineData("gt", "10000", "{}", Denies)]
    [InlineData("gt", "10000", "null", Denies)]
    [InlineData("gt", "10000", "true", Denies)]
    [InlineData("gt", "10000", null, Fails)]
    [InlineData("gt", "-0.5", "-1e-400", Holds)]
    [InlineData("gte", "0", "-0", Holds)]
    [InlineData("gte", "0", "-1e-400", Fails)]
    [InlineData("between", "[1,5]", "1.0", Holds)]
    [InlineData("between", "[1,5]", "5", Holds)]
    [InlineData("between", "[1,5]", "\"2.50\"", Holds)]
    [InlineData("between", "[1,1]", "1", Holds)]
    [InlineData("between", "[1,5]", "5.00000000000000000000000000000001", Fails)]
    [InlineData("between", "[1,5]", "0.99999999999999999999999999999999", Fails)]
    [InlineData("between", "[1,5]", "1e400", Fails)]
    [InlineData("between", "[1,5]", "\"2026-06-01T00:00:00Z\"", Denies)]
    [InlineData("between", "[1,5]", "null", Denies)]
    [InlineData("between", "[1,5]", "[2]", Denies)]
    [InlineData("between", "[1,5]", null, Fails)]
    public void Compares_for_order(string op, string value, string? argument, string expected) =>
        AssertTruth(op, value, argument, expected);

    [Theory]
    [InlineData("\"2026-01-31T12:00:00Z\"", Holds)]
    [InlineData("\"2026-01-31t12:00:00.000z\"", Holds)]
    [InlineData("\"2026-01-31T14:00:00+02:00\"", Holds)]
    [InlineData("\"2026-02-01T00:00:00-00:00\"", Holds)]
    [InlineData("\"2026-01-31T11:59:59.9999999999999Z\"", Fails)]
    [InlineData("\"2026-02-01T00:00:00.0000000000001Z\"", Fails)]
    [InlineData("\"2026-01-31T13:59:59+02:00\"", Fails)]
    [InlineData("\"0001-01-01T00:00:00Z\"", Fails)]
    [InlineData("\"0001-01-01T00:00:00+01:00\"", Denies)]
    [InlineData("\"2026-01-31\"", Denies)]
    [InlineData("\"2026-01-31T12:00:00\"", Denies)]
    [InlineData("\"2026-01-31T12:00Z\"", Denies)]
    [InlineData("\"2026-01-31 12:00:00Z\"", Denies)]
    [InlineData("\"2026-01-31T12:00:00Z\\n\"", Denies)]
    [InlineData("\" 2026-01-31T12:00:00Z\"", Denies)]
    [InlineData("\"2026-01-31T12:00:00.Z\"", Denies)]
    [InlineData("\"2026-01-31T12:00:60Z\"", Denies)]
    [InlineData("\"2026-01-31T24:00:00Z\"", Denies)]
    [InlineData("\"2026-02-29T12:00:00Z\"", Denies)]
    [InlineData("\"2026-01-31T12:00:00+24:00\"", Denies)]
    [InlineData("\"\u0662026-01-31T12:00:00Z\"", Denies)]
    [InlineData("1769860800", Denies)]
    [InlineData("\"1769860800\"", Denies)]
    [InlineData("{}", Denies)]
    [InlineData(null, Fails)]
    public void Compares_instants(string? argument, string expected) =>
        AssertTruth("between", "[\"2026-01-31T12:00:00Z\",\"2026-02-01T01:00:00+01:00\"]", argument, expected);

    [Theory]
    [InlineData("has", "\"a\"", "\"a\"", Holds)]
    [InlineData("has", "\"a\"", "\"ab\"", Fails)]
    [InlineData("has", "\"agents\"", "[\"not-agents\"]", Fails)]
    [InlineData("has", "\"agents\"", "\"agents admins\"", Fails)]
    [InlineData("has", "\"a\"", "[\"b\",\"a\"]", Holds)]
    [InlineData("has", "\"a\"", "[]", Fails)]
    [InlineData("has", "\"a\"", "[\"a\",1]", Denies)]
    [InlineData("has", "\"a\"", "1", Denies)]
    [InlineData("has", "\"a\"", "{\"a\":1}", Denies)]
    [InlineData("has", "1", "[2,1.0]", Holds)]
    [InlineData("has", "\"a\"", null, Fails)]
    [InlineData("contains", "\"bc\"", "\"abcd\"", Holds)]
    [InlineData("contains", "\"bc\"", "\"ABCD\"", Fails)]
    [InlineData("contains", "\"a\"", "[\"b\",\"a\"]", Holds)]
    [InlineData("contains", "\"a\"", "[\"ab\"]", Fails)]
    [InlineData("contains", "\"a\"", "[]", Fails)]
    [InlineData("contains", "\"a\"", "[\"a\",[\"a\"]]", Denies)]
    [InlineData("contains", "\"a\"", "{\"a\":1}", Denies)]
    [InlineData("contains", "\"1\"", "11", Denies)]
    [InlineData("contains", "1", "\"1\"", Denies)]
    [InlineData("contains", "1", "[2,1.0]", Holds)]
    [InlineData("starts_with", "\"ab\"", "\"abc\"", Holds)]
    [InlineData("starts_with", "\"ab\"", "\"Abc\"", Fails)]
    [InlineData("starts_with", "\"ab\"", "[\"abc\"]", Denies)]
    [InlineData("ends_with", "\"@x.com\"", "\"a@x.com\"", Holds)]
    [InlineData("ends_with", "\"@x.com\"", "\"a@x.com\\n\"", Fails)]
    [InlineData("ends_with", "\"1\"", "1", Denies)]
    [InlineData("matches", "\"^a+$\"", "\"aaa\"", Holds)]
    [InlineData("matches", "\"^a+$\"", "\"aaa\\n\"", Fails)]
    [InlineData("matches", "\"a\"", "\"bab\"", Holds)]
    [InlineData("matches", "\"^\\\\d+$\"", "\"\u0661\"", Fails)]
    [InlineData("matches", "\"^1$\"", "1", Denies)]
    [InlineData("matches_any", "[\"^a+$\",\"^b$\"]", "\"b\"", Holds)]
    [InlineData("matches_any", "[\"^a+$\",\"^b$\"]", "\"ab\"", Fails)]
    [InlineData("matches_any", "[\"^(?i)a$\",\"^b$\"]", "\"B\"", Fails)]
    [InlineData("matches_any", "[\"x|y\",\"^b$\"]", "\"ay\"", Holds)]
    [InlineData("matches_any", "[\"1\"]", "1", Denies)]
    [InlineData("length_lt", "3", "\"ab\"", Holds)]
    [InlineData("length_lt", "3", "\"😀😀😀\"", Fails)]
    [InlineData("length_lte", "3", "\"😀😀😀\"", Holds)]
    [InlineData("length_gt", "1", "[1,2]", Holds)]
    [InlineData("length_gte", "3", "{\"a\":1}", Fails)]
    [InlineData("length_gte", "1e0", "\"a\"", Holds)]
    [InlineData("length_gt", "1", "22", Denies)]
    [InlineData("length_gt", "1", "null", Denies)]
    [InlineData("length_gt", "1", null, Fails)]
    public void Compares_text_and_length(string op, string value, string? argument, string expected) =>
        AssertTruth(op, value, argument, expected);

    [Theory]
    [InlineData("https://api.example.com/x", Holds)]
    [InlineData("https://API.Example.COM./x?y#z", Holds)]
    [InlineData("https://api.example.com:8443", Holds)]
    [InlineData("ftp://api.example.com", Holds)]
    [InlineData("https://bücher.example/", Holds)]
    [InlineData("https://BÜCHER.example/", Holds)]
    [InlineData("https://xn--bcher-kva.example/", Holds)]
    [InlineData("http://127.0.0.1/", Holds)]
    [InlineData("http://[::1]:80/", Holds)]
    [InlineData("http://[0:0:0:0:0:0:0:1]/", Holds)]
    [InlineData("https://evil.example", Fails)]
    [InlineData("https://api.example.com.evil.example", Fails)]
    [InlineData("https://evil.example/?https://api.example.com", Fails)]
    [InlineData("https://evil.example#@api.example.com", Fails)]
    [InlineData("https://user@api.example.com/", Denies)]
    [InlineData("https://evil.example@api.example.com/", Denies)]
    [InlineData("https://api.example.com\\\\@evil.example/", Denies)]
    [InlineData("https://api.example.com\\t/", Denies)]
    [InlineData("https://api.example.com\\u007f/", Denies)]
    [InlineData(" https://api.example.com/", Denies)]
    [InlineData("https:/api.example.com", Denies)]
    [InlineData("https:///api.example.com", Denies)]
    [InlineData("//api.example.com", Denies)]
    [InlineData("api.example.com", Denies)]
    [InlineData("https://%61pi.example.com", Denies)]
    [InlineData("https://api.example.com:99999", Denies)]
    [InlineData("https://\uFF41pi.example.com", Denies)]
    [InlineData("https://api。example.com", Denies)]
    [InlineData("https://..", Denies)]
    [InlineData("http://2130706433/", Denies)]
    [InlineData("http://0x7f.1/", Denies)]
    [InlineData("http://127.1/", Denies)]
    [InlineData("http://0177.0.0.1/", Denies)]
    [InlineData("http://[::1%25eth0]/", Denies)]
    [InlineData("http://[127.0.0.1]/", Denies)]
    [InlineData("http://[::ffff:127.0.0.1]/", Holds)]
    [InlineData("http://[::FFFF:7f00:1]/", Holds)]
    [InlineData("http://[0:0:0:0:0:ffff:7f00:0001]:8080/", Holds)]
    [InlineData("http://[::ffff:10.0.0.1]/", Fails)]
    [InlineData("http://[::127.0.0.1]/", Denies)]
    [InlineData("http://[::ffff:0:127.0.0.1]/", Denies)]
    [InlineData("http://[64:ff9b::127.0.0.1]/", Denies)]
    [InlineData("http://[64:ff9b::7f00:1]/", Denies)]
    [InlineData("http://[64:ff9b:1::7f00:1]/", Denies)]
    [InlineData("http://[64:ff9b:1:7f00:0:100::]/", Denies)]
    [InlineData("http://[2002:7f00:1::]/", Denies)]
    [InlineData("http://[2002:7f00:0001::1]/", Denies)]
    [InlineData("http://[2001:0:102:304:0:0:80ff:fffe]/", Denies)]
    [InlineData("http://[2001:db8::5efe:7f00:1]/", Denies)]
    [InlineData("http://[fe80::200:5efe:127.0.0.1]/", Denies)]
    [InlineData("http://[2606:4700::1111]/", Fails)]
    [InlineData("http://[::]/", Fails)]
    [InlineData("http://017700000001/", Denies)]
    [InlineData("http://0x7f000001/", Denies)]
    [InlineData("http://127.0.1/", Denies)]
    [InlineData("http://127.0.0.1./", Holds)]
    [InlineData("http://0x7f.0.0.0x1/", Denies)]
    [InlineData("http://①②⑦.0.0.1/", Denies)]
    [InlineData("http://127。0。0。1/", Denies)]
    public void The_host_of_a_URL(string url, string expected) => AssertTruth(
        """{"path":"args.x","op":"host_in","value":["api.example.com","Bücher.Example.","127.0.0.1","[::1]"]}""",
        $$"""{"x":"{{url}}"}""",
        expected);

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[\"https://api.example.com\"]")]
    public void The_host_of_something_else_denies(string argument) => AssertTruth(
        """{"path":"args.x","op":"host_in","value":["api.example.com"]}""", $$"""{"x":{{argument}}}""", Denies);

    internal static void AssertTruth(string op, string value, string? argument, string expected) => AssertTruth(
        $$"""{"path":"args.x","op":"{{op}}","value":{{value}}}""",
        argument is null ? "{}" : $$"""{"x":{{argument}}}""",
        expected);

    internal static void AssertTruth(string condition, string arguments, string expected)
    {
        var found = Truth(condition, arguments, out var required, out var refused);
        Assert.True(expected == found, $"{found} instead of {expected}: {condition} {arguments}");
        Assert.Equal(required.Outcome == DecisionOutcome.Deny ? "/tools/t/require/0" : "/tools/t", required.Rule);
        Assert.Equal(refused.Outcome == DecisionOutcome.Deny ? "/tools/t/deny_if/0" : "/tools/t", refused.Rule);
    }

    internal static string Truth(
        string condition, string arguments, out PolicyDecision required, out PolicyDecision refused)
    {
        required = Evaluate("{\"number\":\"decimal\",\"require\":[" + condition + "]}", arguments);
        refused = Evaluate("{\"number\":\"decimal\",\"deny_if\":[" + condition + "]}", arguments);
        return (required.Outcome, refused.Outcome) switch
        {
            (DecisionOutcome.Allow, DecisionOutcome.Deny) => Holds,
            (DecisionOutcome.Deny, DecisionOutcome.Allow) => Fails,
            (DecisionOutcome.Deny, DecisionOutcome.Deny) => Denies,
            _ => "passes both",
        };
    }
}
