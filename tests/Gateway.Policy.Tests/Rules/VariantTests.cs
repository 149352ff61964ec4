using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class VariantTests
{
    private const string Ambiguous = "(ambiguous argument)";

    [Theory]
    [InlineData("""{"amount":1,"Amount":5000}""")]
    [InlineData("""{"Amount":5000,"amount":1}""")]
    [InlineData("""{"AMOUNT":101}""")]
    [InlineData("""{"amount":1,"a\u200bmount":5000}""")]
    [InlineData("""{"amount":1,"amount\u0000":5000}""")]
    [InlineData("""{"amount":1,"\ufeffamount":5000}""")]
    [InlineData("""{"amount":1,"amount ":5000}""")]
    [InlineData("""{"amount":1,"ａｍｏｕｎｔ":5000}""")]
    [InlineData("""{"amount":1,"AmounT":5000}""")]
    [InlineData("""{"amount":1,"𝐚mount":5000}""")]
    [InlineData("""{"amount":1,"ⓐmount":5000}""")]
    public void Denies_a_member_that_the_server_may_take_for_the_one_that_a_rule_reads(string arguments)
    {
        foreach (var entry in new[]
        {
            """ "require": [ { "path": "args.amount", "op": "lte", "value": 100 } ] """,
            """ "deny_if": [ { "path": "args.amount", "op": "gt", "value": 100 } ] """,
            """ "deny_if": [ { "any": [ { "not": { "path": "args.amount", "op": "exists" } } ] } ] """,
            """ "limits": [ { "counter": "c", "window": "day", "max": 100, "increment_from": "args.amount" } ] """,
            """ "arguments": { "properties": { "amount": { "maximum": 100 } } } """,
            """ "arguments": { "required": [ "amount" ] } """,
            """ "arguments": { "dependentRequired": { "amount": [ "reason" ] } } """,
            """ "arguments": { "if": { "dependentSchemas": { "amount": false } } } """,
            """ "arguments": { "$ref": "#/$defs/a", "$defs": { "a": { "properties": { "amount": true } } } } """,
        })
        {
            var decision = Call(Bind(Entry(entry)), "pay", arguments);
            Assert.Equal((DecisionOutcome.Deny, Ambiguous), (decision.Outcome, decision.Rule));
            Assert.Contains("\"amount\"", decision.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("args.a.b", """{"a":{"B":1}}""", true)]
    [InlineData("args.a.b", """{"A":{"b":1}}""", true)]
    [InlineData("args.a.b", """{"B":1,"a":{"b":1}}""", false)]
    [InlineData("args.a.b", """{"c":{"B":1},"a":{"b":1}}""", false)]
    [InlineData("args.l[*].b", """{"l":[{"b":1},{"b":1,"B":2}]}""", true)]
    [InlineData("args.l[1].b", """{"l":[{"B":1},{"b":1}]}""", false)]
    [InlineData("args.l[1].b", """{"l":[{"b":1},{"B":1}]}""", true)]
    [InlineData("args.strasse", """{"strasse":1,"straße":1}""", true)]
    [InlineData("args.é", """{"é":1,"e\u0301":1}""", true)]
    [InlineData("args.é", """{"é":1,"É":1}""", true)]
    [InlineData("args.é", """{"é":1,"e":1}""", false)]
    [InlineData("args.각", """{"각":1,"\u1100\u1161\u11a8":1}""", true)]
    [InlineData("args.id", """{"id":1,"İD":1}""", true)]
    [InlineData("args.id", """{"id":1,"ıd":1}""", true)]
    [InlineData("args.ﬁle", """{"ﬁle":1,"file":1}""", true)]
    [InlineData("args.σ", """{"σ":1,"ς":1}""", true)]
    [InlineData("args.a_b", """{"a_b":1,"aB":1}""", false)]
    [InlineData("args", """{"a":1,"A":1}""", false)]
    public void Looks_only_into_what_a_rule_reads(string path, string arguments, bool isDenied)
    {
        var binding = Bind(Entry($$"""
            "require": [ { "any": [ { "path": "{{path}}", "op": "exists" }, { "path": "args", "op": "exists" } ] } ]
            """));
        Assert.Equal(isDenied ? Ambiguous : "/tools/pay", Call(binding, "pay", arguments).Rule);
    }

    [Theory]
    [InlineData("""{"items":{"properties":{"b":true}}}""", """{"l":[{"b":1,"B":1}]}""", true)]
    [InlineData("""{"prefixItems":[true,{"required":["b"]}]}""", """{"l":[{"B":1},{"b":1}]}""", false)]
    [InlineData("""{"prefixItems":[true,{"required":["b"]}]}""", """{"l":[{"b":1},{"b":1,"B":1}]}""", true)]
    [InlineData("""{"contains":{"required":["b"]}}""", """{"l":[{"b":1},{"B":1}]}""", true)]
    [InlineData("""{"additionalProperties":{"properties":{"b":true}}}""", """{"l":{"x":{"b":1,"B":1}}}""", true)]
    [InlineData("""{"patternProperties":{"^x":{"properties":{"b":true}}}}""", """{"l":{"x":{"B":1}}}""", true)]
    [InlineData("""{"properties":{"x":true},"additionalProperties":{"properties":{"b":true}}}""",
        """{"l":{"x":{"B":1}}}""", false)]
    [InlineData("""{"anyOf":[{"properties":{"b":true}},{"properties":{"B":true}}]}""", """{"l":{"B":1}}""", true)]
    [InlineData("""{"properties":{"b":true,"B":true}}""", """{"l":{"b":1,"B":1}}""", false)]
    [InlineData("""{"properties":{"b":true},"required":["B"]}""", """{"l":{"b":1,"B":1}}""", false)]
    [InlineData("""{"properties":{"bb":true,"BB":true}}""", """{"l":{"bb":1,"bB":1}}""", true)]
    public void Follows_the_schema_into_the_arguments(string schema, string arguments, bool isDenied)
    {
        var binding = Bind(Entry($$""" "arguments": { "properties": { "l": {{schema}} } } """));
        Assert.Equal(isDenied ? Ambiguous : "/tools/pay", Call(binding, "pay", arguments).Rule);
    }

    [Fact]
    public void Follows_a_schema_that_holds_itself()
    {
        var binding = Bind(Entry("""
            "arguments": { "properties": { "name": true, "sub": { "items": { "$ref": "#" } } } }
            """));
        Assert.Equal("/tools/pay", Call(binding, "pay", """{"sub":[{"sub":[{"name":1}]}]}""").Rule);
        Assert.Equal(Ambiguous, Call(binding, "pay", """{"sub":[{"sub":[{"name":1,"Name":2}]}]}""").Rule);
    }

    [Fact]
    public void Names_that_the_schema_declares_side_by_side_may_be_read_by_conditions_too()
    {
        var binding = Bind(Entry("""
            "arguments": { "properties": { "id": true, "ID": true } },
            "require": [ { "path": "args.id", "op": "exists" } ]
            """));
        Assert.Equal("/tools/pay", Call(binding, "pay", """{"id":1,"ID":2}""").Rule);
        Assert.Equal(Ambiguous, Call(binding, "pay", """{"id":1,"Id":2}""").Rule);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("\"case_variants\":\"allow\",", "", false)]
    [InlineData("\"case_variants\":\"allow\",", "\"case_variants\":\"deny\",", true)]
    [InlineData("", "\"case_variants\":\"allow\",", false)]
    public void An_entry_says_more_than_the_document(string document, string entry, bool isDenied)
    {
        var binding = Bind(
            $$"""{"version":"1","default":"deny",{{document}}"tools":{"pay":{ {{entry}}"require":[{{Small}}] } } }""");
        Assert.Equal(isDenied ? Ambiguous : "/tools/pay", Call(binding, "pay", """{"amount":1,"Amount":2}""").Rule);
    }

    [Fact]
    public void Holds_for_what_all_tools_read_and_where_no_entry_names_the_tool()
    {
        var binding = Bind($$"""
            {"version":"1","default":"allow","all_tools":{"require":[ {{Small}} ]},
             "tools":{"pay":{},"open":{"case_variants":"allow"} } }
            """);
        Assert.Equal(Ambiguous, Call(binding, "pay", """{"amount":1,"Amount":2}""").Rule);
        Assert.Equal(Ambiguous, Call(binding, "other", """{"amount":1,"Amount":2}""").Rule);
        Assert.Equal("/tools/open", Call(binding, "open", """{"amount":1,"Amount":2}""").Rule);
    }

    [Fact]
    public void Is_only_recorded_where_an_entry_in_shadow_reads_the_name()
    {
        var binding = Bind($$"""
            {"version":"1","default":"allow","all_tools":{"require":[{"path":"args.to","op":"exists"}]},
             "tools":{"pay":{"mode":"shadow","require":[{{Small}}]} } }
            """);
        var decision = Call(binding, "pay", """{"to":1,"amount":1,"Amount":2}""");
        Assert.Equal((DecisionOutcome.Allow, Ambiguous), (decision.Outcome, decision.Shadow?.Rule));
        Assert.Equal(DecisionOutcome.Deny, Call(binding, "pay", """{"to":1,"To":1,"amount":1}""").Outcome);
    }

    [Fact]
    public void Comes_after_deny_and_before_every_other_look_at_the_arguments()
    {
        var binding = Bind(Entry("""
            "arguments": { "required": [ "amount", "x" ] }, "require": [ { "path": "args.y", "op": "exists" } ]
            """));
        Assert.Equal(Ambiguous, Call(binding, "pay", """{"Amount":2}""").Rule);
        var denied = Bind(Entry($$""" "action": "deny", "require": [ {{Small}} ] """));
        Assert.Equal("/tools/pay/action", Call(denied, "pay", """{"Amount":2}""").Rule);
    }

    [Theory]
    [InlineData("""{"version":"1","default":"deny","case_variants":"no"}""", "/case_variants")]
    [InlineData("""{"version":"1","default":"deny","tools":{"a":{"case_variants":true}}}""", "/tools/a/case_variants")]
    [InlineData("""{"version":"1","default":"deny","all_tools":{"case_variants":"deny"}}""", "/all_tools/case_variants")]
    public void Refuses_another_word_at_load(string document, string pointer) =>
        Assert.Equal(pointer, Assert.Single(Load(document).Problems).Pointer);

    [Fact]
    public void Gives_up_and_denies_where_the_arguments_are_too_many()
    {
        const int schemas = 4000, members = 1100;
        var all = Enumerable.Range(0, schemas).Select(static i => $$"""{"properties":{"n{{i}}":true} }""");
        var binding = Bind(Entry($""" "arguments": {"{"} "allOf": [ {string.Join(',', all)} ] {"}"} """));
        var many = Enumerable.Range(0, members).Select(static i => $"\"m{i}\":{i}");
        Assert.Equal(Ambiguous, Call(binding, "pay", $"{{{string.Join(',', many)}}}").Rule);
        Assert.Equal("/tools/pay", Call(binding, "pay", """{"m1":1}""").Rule);
    }

    private const string Small = """{ "path": "args.amount", "op": "lte", "value": 100 }""";

    private static string Entry(string members) =>
        $$"""{"version":"1","default":"deny","tools":{"pay":{ {{members}} } } }""";
}
