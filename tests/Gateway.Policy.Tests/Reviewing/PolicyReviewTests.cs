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

        Assert.Equal(isWarned, said.Contains("no argument of pay", StringComparison.Ordinal));
    }

    [Fact]
    public void Warns_of_an_entry_that_others_shadow() =>
        Has("/tools/send_*", Said("""{"send_*":{},"send_mail":{},"send_sms":{}}""", Tool("send_mail"), Tool("send_sms")));

    [Fact]
    public void Warns_of_a_tool_that_two_patterns_name() => Has(
        "\"send_*\" and \"send_sms_*\" both name send_sms_now: only /tools/send_sms_* holds",
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

        Assert.Contains("leaves drop_table open", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_nothing_of_a_policy_that_fits() =>
        Assert.Equal("", Said("""{"pay":{"require":[{"path":"args.amount","op":"exists"}]}}""", Tool("pay", AmountSchema)));

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
