using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class NumberTests
{
    private const string Unreadable = "(unreadable arguments)";
    private const string Inexact = "5511987654321.00000000000000000001";

    private static readonly string[] Entries =
    [
        """ "require": [ { "path": "args.to", "op": "eq", "value": 5511987654321 } ] """,
        """ "require": [ { "path": "args.to", "op": "in", "value": [ 5511987654321, "x" ] } ] """,
        """ "require": [ { "not": { "path": "args.to", "op": "in", "value": [ 1 ] } } ] """,
        """ "deny_if": [ { "path": "args.to", "op": "gt", "value": 1e20 } ] """,
        """ "deny_if": [ { "any": [ { "path": "args.to", "op": "neq", "value": 5511987654321 } ] } ] """,
        """ "approve_if": [ { "path": "args.to", "op": "gt", "value": 1e20 } ] """,
        """ "limits": [ { "counter": "c", "window": "day", "max": 2, "by": "args.to" } ] """,
        """ "limits": [ { "counter": "c", "window": 60, "max": 2, "by": { "path": "args.to", "as": "digits" } } ] """,
        """ "limits": [ { "counter": "c", "window": "day", "max": "9e17", "increment_from": "args.to" } ] """,
        """ "arguments": { "properties": { "to": { "enum": [ 5511987654321, 5511987654322 ] } } } """,
        """ "arguments": { "properties": { "to": { "not": { "const": 5511987654321 } } } } """,
        """ "arguments": { "properties": { "to": { "maximum": 1e20 } } } """,
        """ "arguments": { "properties": { "to": { "multipleOf": 0.5 } } } """,
        """ "arguments": { "properties": { "to": { "type": "number" } } } """,
        """ "arguments": { "properties": { "to": { "anyOf": [ { "type": "integer" }, true ] } } } """,
        """ "arguments": { "if": { "properties": { "to": { "minimum": 1 } } }, "then": true } """,
    ];

    public static TheoryData<string> Rules => [.. Entries];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_number_that_a_double_changes_is_refused_where_a_rule_reads_it(string entry)
    {
        foreach (var number in new[] { Inexact, "123456789012345678", "1e400", "9007199254740993", "4.9e-324" })
        {
            var decision = Call(Bind(Entry(entry)), "pay", $$"""{"to":{{number}}}""");
            Assert.Equal((DecisionOutcome.Deny, Unreadable), (decision.Outcome, decision.Rule));
            Assert.Contains("args.to", decision.Reason, StringComparison.Ordinal);
            Assert.Contains("write it as a string", decision.NextStep, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void An_entry_with_number_decimal_takes_every_number(string entry)
    {
        var binding = Bind(Entry(entry + """, "number": "decimal" """));
        foreach (var number in new[] { Inexact, "123456789012345678" })
            Assert.NotEqual(Unreadable, Call(binding, "pay", $$"""{"to":{{number}}}""").Rule);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_number_that_no_rule_reads_passes_unchanged(string entry)
    {
        var decision = Call(Bind(Entry(entry)), "pay", $$"""{"to":5511987654321,"other":{{Inexact}},"l":[1e400]}""");
        Assert.NotEqual(Unreadable, decision.Rule);
    }

    [Fact]
    public void A_limit_by_value_counts_no_call_whose_number_is_inexact()
    {
        var binding = Bind(Entry(
            """ "limits": [ { "counter": "c", "window": "day", "max": 2, "by": "args.to" } ] """));
        for (var i = 1; i <= 40; i++)
        {
            var number = $"5511987654321.{new string('0', 15)}{i:00}";
            Assert.Equal(Unreadable, Call(binding, "pay", $$"""{"to":{{number}}}""").Rule);
        }

        foreach (var number in new[] { "5511987654321", "5511987654321.0", "5511987654321e0", "5.511987654321E+12" })
        {
            var decision = Call(binding, "pay", $$"""{"to":{{number}}}""");
            Assert.Equal(["5511987654321"], ByValueTests.Values(decision));
        }
    }

    [Theory]
    [InlineData("args.a.b[*].c", """{"a":{"b":[{"c":1},{"c":1e400}]}}""", "args.a.b[1].c")]
    [InlineData("args[\"x.y\"]", """{"x.y":[1,[1e400]]}""", "args[\"x.y\"][1][0]")]
    [InlineData("args", """{"a":{"b":1e400}}""", "args.a.b")]
    public void The_refusal_names_the_place_of_the_number(string path, string arguments, string place)
    {
        var entry = $$""" "require": [ { "path": {{JsonSerializer.Serialize(path)}}, "op": "neq", "value": 7 } ] """;
        var decision = Call(Bind(Entry(entry)), "pay", arguments);
        Assert.Equal(Unreadable, decision.Rule);
        Assert.Contains($"at {place} is", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "require": [ { "path": "args.to", "op": "exists" } ] """)]
    [InlineData(""" "deny_if": [ { "path": "args.l", "op": "length_gt", "value": 5 } ] """)]
    [InlineData(""" "deny_if": [ { "path": "args.to", "op": "eq", "value": null } ] """)]
    [InlineData(""" "arguments": { "required": [ "to" ], "maxProperties": 5 } """)]
    public void A_rule_that_compares_no_number_refuses_none(string entry) => Assert.Equal(
        DecisionOutcome.Allow, Call(Bind(Entry(entry)), "pay", $$"""{"to":{{Inexact}},"l":[1e400]}""").Outcome);

    [Fact]
    public void A_string_keeps_all_its_digits()
    {
        var binding = Bind(Entry(
            """ "limits": [ { "counter": "c", "window": "day", "max": 2, "by": "args.to" } ] """));
        var values = new[] { "123456789012345678", "123456789012345679" }
            .Select(id => Call(binding, "pay", $$"""{"to":"{{id}}"}""").Costs[0].Cost.Value!.Parts.ToArray()).ToList();
        Assert.NotEqual(values[0], values[1]);
        Assert.Equal(DecisionOutcome.Allow, Call(Bind(Entry(
            """ "require": [ { "path": "args.n", "op": "lt", "value": 100 } ] """)), "pay",
            """{"n":"99.999999999999999999999"}""").Outcome);
    }

    [Fact]
    public void A_rule_in_shadow_only_records_the_refusal()
    {
        var decision = Call(Bind(Entry(
            """ "mode": "shadow", "deny_if": [ { "path": "args.to", "op": "eq", "value": 1 } ] """)), "pay",
            $$"""{"to":{{Inexact}}}""");
        Assert.Equal((DecisionOutcome.Allow, Unreadable), (decision.Outcome, decision.Shadow?.Rule));
    }

    [Fact]
    public void All_tools_is_checked_where_no_entry_says_decimal()
    {
        var binding = Bind(Document("""
            "all_tools": { "deny_if": [ { "path": "args.to", "op": "eq", "value": 7 } ] },
            "tools": { "d": { "number": "decimal" }, "*": { "number": "double" } }
            """));
        var arguments = $$"""{"to":{{Inexact}}}""";
        Assert.Equal(DecisionOutcome.Allow, Call(binding, "d", arguments).Outcome);
        Assert.Equal(Unreadable, Call(binding, "e", arguments).Rule);
    }

    [Theory]
    [InlineData(""" "deny_if": [ { "path": "args.to", "op": "eq", "value": 9007199254740993 } ] """,
        "/deny_if/0/value")]
    [InlineData(""" "require": [ { "any": [ { "path": "args.to", "op": "in", "value": [ 1, 1e400 ] } ] } ] """,
        "/require/0/any/0/value/1")]
    [InlineData(""" "arguments": { "properties": { "to": { "enum": [ 1, 9007199254740993 ] } } } """,
        "/arguments/properties/to/enum/1")]
    [InlineData(""" "arguments": { "properties": { "to": { "const": 4.9e-324 } } } """,
        "/arguments/properties/to/const")]
    public void A_value_of_the_policy_that_no_call_may_send_is_warned_of(string entry, string pointer)
    {
        var found = Assert.Single(Load(Entry(entry)).Problems);
        Assert.Equal(
            (ProblemSeverity.Warning, FindingKind.InexactNumber, "/tools/pay" + pointer),
            (found.Severity, found.Kind, found.Pointer));
        Assert.True(found is { Line: > 0, Column: > 1 });
        Assert.Empty(Load(Entry(entry + """, "number": "decimal" """)).Problems);
    }

    [Fact]
    public void Number_takes_double_and_decimal_only()
    {
        Assert.Null(Load(Entry(""" "number": "float" """)).Policy);
        Assert.Null(Load(Entry(""" "number": true """)).Policy);
        Assert.Empty(Load(Entry(""" "number": "double" """)).Problems);
    }

    [Fact]
    public void An_explanation_shows_the_step()
    {
        var explained = Explaining.PolicyExplainer.Explain(
            Bind(Entry(Entries[0])), PolicyCall.OfTool("pay", Encoding.UTF8.GetBytes($$"""{"to":{{Inexact}}}""")));
        Assert.Equal(("numbers", "deny"), (explained.Steps[^1].Name, explained.Steps[^1].Outcome));
    }

    private static string Entry(string members) => Document($$""" "tools": { "pay": { {{members}} } } """);
}
