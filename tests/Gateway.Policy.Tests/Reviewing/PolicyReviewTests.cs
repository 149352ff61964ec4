using Gateway.Policy.Reviewing;

namespace Gateway.Policy.Tests.Reviewing;

public class PolicyReviewTests
{
    private const string AmountSchema = """{"type":"object","properties":{"amount":{"type":"number"},"to":{"type":"object","properties":{"iban":{}}}}}""";

    [Fact]
    public void Warns_of_a_tool_that_the_server_does_not_offer_and_of_a_near_name() =>
        Has("did you mean \"create_refund\"", Said("""{"create_refnd":{}}""", Tool("create_refund")));

    [Fact]
    public void Warns_of_a_pattern_that_matches_nothing() =>
        Has("\"send_*\" matches no tool", Said("""{"send_*":{}}""", Tool("list")));

    [Theory]
    [InlineData("args.amount", false)]
    [InlineData("args.to.iban", false)]
    [InlineData("args.sum", true)]
    [InlineData("args.to.bic", true)]
    [InlineData("args.amount.cents", false)]
    public void Warns_of_an_argument_that_the_schema_does_not_name(string path, bool isWarned)
    {
        var said = Said(
            $$$"""{"pay":{"deny_if":[{"any":[{"path":"{{{path}}}","op":"exists"}]}]}}""", Tool("pay", AmountSchema));

        Assert.Equal(isWarned, said.Contains("not an argument of pay", StringComparison.Ordinal));
    }

    [Fact]
    public void Warns_of_an_entry_that_others_shadow() =>
        Has("/tools/send_*", Said("""{"send_*":{},"send_mail":{},"send_sms":{}}""", Tool("send_mail"), Tool("send_sms")));

    [Fact]
    public void Warns_of_a_tool_that_two_patterns_name() => Has(
        "\"send_*\" and \"send_sms_*\" match send_sms_now: only /tools/send_sms_* applies",
        Said("""{"send_*":{},"send_sms_*":{}}""", Tool("send_sms_now"), Tool("send_mail")));

    [Fact]
    public void Warns_of_tools_that_no_entry_covers() =>
        Has("no entry covers b, c: the default denies them", Said("""{"a":{}}""", Tool("a"), Tool("b"), Tool("c")));

    [Fact]
    public void Warns_of_a_high_risk_tool_that_the_default_leaves_open()
    {
        var document = """{"version":"1","default":"allow"}""";
        var drop = new ReviewedTool("drop_table", default, "its name says \"drop\"");
        var problems = PolicyReview.Run(Encoding.UTF8.GetBytes(document), "p.json", [drop]);

        Assert.Contains("allows drop_table", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_nothing_of_a_policy_that_fits() => Assert.Equal("", Said("""
        {"pay":{"require":[{"path":"args.amount","op":"exists"}],
          "limits":[{"counter":"c","window":"day","max":5,"increment_from":"args.amount"}]}}
        """, Tool("pay", AmountSchema)));

    [Theory]
    [InlineData("starts_with", "\"9\"", true)]
    [InlineData("contains", "\"9\"", true)]
    [InlineData("length_gt", "3", true)]
    [InlineData("eq", "true", true)]
    [InlineData("in", "[\"a\",null]", true)]
    [InlineData("eq", "5", false)]
    [InlineData("in", "[\"a\",5]", false)]
    [InlineData("neq", "\"a\"", false)]
    [InlineData("lt", "5", false)]
    public void Warns_of_a_comparison_that_the_type_never_meets(string op, string value, bool isWarned)
    {
        var said = Said(
            $$$"""{"pay":{"deny_if":[{"path":"args.amount","op":"{{{op}}}","value":{{{value}}}}]}}""",
            Tool("pay", AmountSchema));

        Assert.Equal(isWarned, said.Contains("[wrong-type]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[\"low\"]", false)]
    [InlineData("[\"lowest\"]", true)]
    public void Warns_of_a_value_that_the_enum_lacks(string values, bool isWarned) => Assert.Equal(
        isWarned,
        Said($$$"""{"t":{"require":[{"path":"args.p","op":"in","value":{{{values}}}}]} }""",
            Tool("t", """{"properties":{"p":{"enum":["low","high"]}}}"""))
            .Contains("has no such value", StringComparison.Ordinal));

    [Theory]
    [InlineData("create_payment", true)]
    [InlineData("createPayment", true)]
    [InlineData("list_invoices", false)]
    public void Warns_of_an_amount_that_no_limit_counts(string name, bool isWarned) => Assert.Equal(
        isWarned,
        Said($$"""{"{{name}}":{"rate_limit":{"max":5,"window":"day"} } }""", Tool(name, AmountSchema))
            .Contains("[uncapped-spend]", StringComparison.Ordinal));

    [Theory]
    [InlineData("\"all_tools\":{\"limits\":[{\"counter\":\"c\",\"window\":\"day\",\"max\":5}]}", "")]
    [InlineData("\"mode\":\"shadow\"", "")]
    [InlineData("\"description\":\"d\"", "agents may call a, b without any limit")]
    public void Warns_once_of_all_tools_without_a_limit(string members, string expected)
    {
        var document = $$"""{"version":"1","default":"allow","tools":{"a":{},"d":{"action":"deny"} },{{members}} }""";
        var problems = PolicyReview.Run(
            Encoding.UTF8.GetBytes(document), "p.json", [Tool("a"), Tool("b"), Tool("d")]);

        var said = problems.Where(problem => problem.Kind == FindingKind.Unlimited).Select(problem => problem.Message);
        Assert.Equal(expected.Length > 0 ? 1 : 0, said.Count());
        Assert.All(said, message => Assert.StartsWith(expected, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Reviews_ten_thousand_entries_for_ten_thousand_tools()
    {
        var entries = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""
            "tool_{{i}}":{"require":[{"path":"args.amount","op":"gt","value":{{i}}}],"rate_limit":{"max":1,"window":"day"} }
            """));
        var tools = Enumerable.Range(0, 10_000).Select(i => Tool($"tool_{i}", AmountSchema)).ToArray();

        Assert.Equal("", Said("{" + entries + "}", tools));
    }

    [Fact]
    public void Reports_errors_alone_where_there_are_any()
    {
        var problems = PolicyReview.Run("{}"u8.ToArray(), "p.json", [Tool("x")]);

        Assert.All(problems, problem => Assert.Equal(ProblemSeverity.Error, problem.Severity));
    }

    private static void Has(string part, string said) => Assert.Contains(part, said, StringComparison.Ordinal);

    private static ReviewedTool Tool(string name, string schema = "") =>
        new(name, Encoding.UTF8.GetBytes(schema), null);

    private static string Said(string tools, params ReviewedTool[] offered)
    {
        var document = $$"""{"version":"1","default":"deny","tools":{{tools}}}""";
        var problems = PolicyReview.Run(Encoding.UTF8.GetBytes(document), "p.json", offered);
        Assert.All(problems, problem => Assert.Equal(ProblemSeverity.Warning, problem.Severity));
        return string.Join('\n', problems);
    }
}
