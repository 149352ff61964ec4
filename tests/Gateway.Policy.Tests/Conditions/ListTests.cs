using Gateway.Policy.Lists;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Conditions;

public class ListTests
{
    private static readonly NamedLists Known = ListsOf(
        ("mails", ["ana@example.com", "Bo@Example.com", "zoë@example.com"]),
        ("phones", ["+55 11 98765-4321", "5521912345678"]),
        ("accounts", ["5", "10.50", "-1e3"]),
        ("hosts", ["api.example.com", "EXAMPLE.org."]),
        ("empty", []));

    [Theory]
    [InlineData("mails", "text", "\"ana@example.com\"", true)]
    [InlineData("mails", "text", "\"Ana@example.com\"", false)]
    [InlineData("mails", "text", "\"\"", false)]
    [InlineData("mails", "text", "1", null)]
    [InlineData("mails", "text", "null", null)]
    [InlineData("mails", "text", "true", null)]
    [InlineData("mails", "text", "[\"ana@example.com\"]", null)]
    [InlineData("mails", "text", "{}", null)]
    [InlineData("mails", "lower", "\"ANA@EXAMPLE.COM\"", true)]
    [InlineData("mails", "lower", "\"bo@example.com\"", true)]
    [InlineData("mails", "lower", "\"ZOË@example.com\"", true)]
    [InlineData("mails", "lower", "\"zoe\u0308@example.com\"", false)]
    [InlineData("mails", "lower", "5", null)]
    [InlineData("phones", "digits", "\"5511987654321\"", true)]
    [InlineData("phones", "digits", "\"+55 (21) 91234-5678\"", true)]
    [InlineData("phones", "digits", "\"11987654321\"", false)]
    [InlineData("phones", "digits", "\"٥٥١١\"", null)]
    [InlineData("phones", "digits", "\"5511987654321٩\"", null)]
    [InlineData("phones", "digits", "\"55119٨87654321\"", null)]
    [InlineData("phones", "digits", "\"5511987654321²\"", null)]
    [InlineData("phones", "digits", "\"none\"", null)]
    [InlineData("phones", "digits", "5511987654321", null)]
    [InlineData("accounts", "number", "5", true)]
    [InlineData("accounts", "number", "5.00", true)]
    [InlineData("accounts", "number", "\"5\"", true)]
    [InlineData("accounts", "number", "\"05\"", null)]
    [InlineData("accounts", "number", "10.5", true)]
    [InlineData("accounts", "number", "-1000", true)]
    [InlineData("accounts", "number", "6", false)]
    [InlineData("accounts", "number", "\"six\"", null)]
    [InlineData("accounts", "number", "1e999999999999999999999", null)]
    [InlineData("accounts", "text", "\"5\"", true)]
    [InlineData("accounts", "text", "5", null)]
    [InlineData("empty", "text", "\"a\"", false)]
    [InlineData("empty", "number", "1", false)]
    public void Finds_an_argument_in_the_form_that_the_rule_names(string list, string form, string x, bool? isIn)
    {
        var test = $$""" "list":"{{list}}","as":"{{form}}" """;
        AssertEvaluated("in", test, $$"""{"x":{{x}}}""", isIn);
        AssertEvaluated("not_in", test, $$"""{"x":{{x}}}""", !isIn);
    }

    [Theory]
    [InlineData("\"https://api.example.com/x?y#z\"", true)]
    [InlineData("\"https://API.example.com.:8443/\"", true)]
    [InlineData("\"http://example.org\"", true)]
    [InlineData("\"https://example.com\"", false)]
    [InlineData("\"https://api.example.com@evil.com/\"", null)]
    [InlineData("\"api.example.com\"", null)]
    [InlineData("1", null)]
    public void Finds_the_host_of_a_url(string x, bool? isIn) =>
        AssertEvaluated("host_in", "\"list\":\"hosts\"", $$"""{"x":{{x}}}""", isIn);

    [Fact]
    public void An_argument_that_is_missing_fails_require_passes_deny_if_and_asks()
    {
        const string condition = """{"path":"args.x","op":"not_in","list":"mails"}""";
        Assert.Equal(DecisionOutcome.Deny, Decide($$"""{"require":[{{condition}}]}""", "{}").Outcome);
        Assert.Equal(DecisionOutcome.Allow, Decide($$"""{"deny_if":[{{condition}}]}""", "{}").Outcome);
        Assert.Equal(DecisionOutcome.Ask, Decide($$"""{"approve_if":[{{condition}}]}""", "{}").Outcome);
        Assert.Equal(DecisionOutcome.Ask, Decide($$"""{"approve_if":[{{condition}}]}""", """{"x":1}""").Outcome);
    }

    [Theory]
    [InlineData("""["ana@example.com","zoë@example.com"]""", true)]
    [InlineData("""["ana@example.com","eve@example.com"]""", false)]
    [InlineData("""["ana@example.com",1]""", false)]
    [InlineData("[]", false)]
    public void Every_element_is_found(string x, bool passes) => Assert.Equal(
        passes ? DecisionOutcome.Allow : DecisionOutcome.Deny,
        Decide("""{"require":[{"path":"args.x[*]","op":"in","list":"mails"}]}""", $$"""{"x":{{x}}}""").Outcome);

    [Theory]
    [InlineData("require", "X")]
    [InlineData("require", """{"not":X}""")]
    [InlineData("require", """{"any":[{"path":"args","op":"exists"},X]}""")]
    [InlineData("deny_if", "X")]
    [InlineData("approve_if", "X")]
    public void Denies_when_the_list_cannot_be_read(string list, string condition)
    {
        foreach (var (lists, form) in new[] { (NamedLists.None, "text"), (ListsOf(("gone", ["no number"])), "number") })
        {
            var one = $$"""{"path":"args.x","op":"in","list":"gone","as":"{{form}}"}""";
            var written = condition.Replace("X", one, StringComparison.Ordinal);
            var policy = Load(Document($$"""  "tools":{"t":{"{{list}}":[{{written}}]} }  """)).Policy!;
            var decision = Call(policy.Bind("g", "s", lists: lists), "t", """{"x":"no number"}""");
            Assert.Equal((DecisionOutcome.Deny, $"/tools/t/{list}/0"), (decision.Outcome, decision.Rule));
            Assert.Contains("\"gone\" cannot be read now", decision.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_policy_says_which_lists_it_names_and_how_it_compares()
    {
        var loaded = Load("""
            {"version":"1","default":"deny",
             "all_tools":{"require":[{"not":{"path":"args.x","op":"in","list":"mails"}}]},
             "tools":{"a":{"deny_if":[{"any":[{"path":"args.y","op":"not_in","list":"accounts","as":"number"}]}]},
                      "b":{"approve_if":[{"path":"args.x","op":"in","list":"mails"},
                                         {"path":"args.u","op":"host_in","list":"hosts"}]}}}
            """, lists: Known);
        Assert.Equal(
            [
                new ListUse("mails", ValueForm.Text), new ListUse("accounts", ValueForm.Number),
                new ListUse("hosts", ValueForm.Host),
            ],
            loaded.Policy!.Lists);
    }

    [Theory]
    [InlineData("""{"op":"in","list":"mail"}""", "/list", "there is no list \"mail\"; did you mean \"mails\"?")]
    [InlineData("""{"op":"in","list":"mails","as":"number"}""", "/list", "\"ana@example.com\", which is not a number")]
    [InlineData("""{"op":"in","list":"mails","as":"digits"}""", "/list", "which has no digits")]
    [InlineData("""{"op":"host_in","list":"mails"}""", "/list", "which is not a host name")]
    [InlineData("""{"op":"in","list":"a b"}""", "/list", "is not a valid list name")]
    [InlineData("""{"op":"in","list":["a"]}""", "/list", "must be a string, not an array")]
    [InlineData("""{"op":"in","list":"mails","as":"upper"}""", "/as", "must be one of \"text\", \"lower\"")]
    [InlineData("""{"op":"in","list":"mails","as":1}""", "/as", "must be one of")]
    [InlineData("""{"op":"in","list":"mails","value":["a"]}""", "/value", "both \"value\" and \"list\"")]
    [InlineData("""{"op":"in","value":["a"],"as":"lower"}""", "/as", "has no member \"as\"")]
    [InlineData("""{"op":"host_in","list":"hosts","as":"lower"}""", "/as", "has no member \"as\"")]
    [InlineData("""{"op":"eq","list":"mails"}""", "/list", "has no member \"list\"")]
    public void Refuses(string condition, string below, string message)
    {
        var json = Document("\"tools\":{\"a\":{\"require\":[" + condition.Replace(
            "{\"op\"", "{\"path\":\"args.x\",\"op\"", StringComparison.Ordinal) + "]}}");
        var problems = Load(json, lists: Known).Problems;
        Assert.Contains(problems, problem => problem.Pointer == "/tools/a/require/0" + below
            && problem.Line == 1 && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_nobody_knows_of_yet_is_no_error_where_the_lists_are_not_known() =>
        Assert.Empty(Load(Document(
            "\"all_tools\":{\"require\":[{\"path\":\"args.x\",\"op\":\"in\",\"list\":\"later\"}]}")).Problems);

    [Fact]
    public void Bounds_the_values()
    {
        Assert.Null(NamedList.Problem([.. Enumerable.Range(0, PolicyBounds.ListValuesMax).Select(i => $"{i}")]));
        Assert.Null(NamedList.Problem([new string('x', PolicyBounds.ListValueBytesMax)]));
        Assert.Equal(1, NamedList.Problem(["a", ""])?.Index);
        Assert.Equal(1, NamedList.Problem(["a", null!])?.Index);
        Assert.Equal(0, NamedList.Problem([new string('ë', (PolicyBounds.ListValueBytesMax / 2) + 1)])?.Index);
        Assert.Contains("at most 100000 values", NamedList.Problem(
            [.. Enumerable.Range(0, PolicyBounds.ListValuesMax + 1).Select(i => $"{i}")])?.Message!,
            StringComparison.Ordinal);
    }

    private static void AssertEvaluated(string op, string test, string arguments, bool? holds)
    {
        var condition = $$"""{"path":"args.x","op":"{{op}}",{{test}}}""";
        var required = Decide($$"""{"require":[{{condition}}]}""", arguments).Outcome;
        var denied = Decide($$"""{"deny_if":[{{condition}}]}""", arguments).Outcome;
        Assert.Equal(holds == true ? DecisionOutcome.Allow : DecisionOutcome.Deny, required);
        Assert.Equal(holds == false ? DecisionOutcome.Allow : DecisionOutcome.Deny, denied);
    }

    private static PolicyDecision Decide(string entry, string arguments) =>
        Call(Bind(Document($$"""  "tools":{"t":{{entry}}}  """), lists: Known), "t", arguments);
}
