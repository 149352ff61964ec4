using FsCheck;
using FsCheck.Fluent;
using Gateway.Policy.Reviewing;

namespace Gateway.Policy.Tests.Reviewing;

public class ImpossibleConditionsTests
{
    private static readonly string[] Values =
        ["0", "1", "5", "10", "-1", "2.5", "\"5\"", "\"a\"", "\"abc\"", "\"\"", "true", "null", "[]", "[1]", "{}"];

    [Theory]
    [InlineData("gt 5, lt 3", true)]
    [InlineData("gt 5, lt 6", false)]
    [InlineData("gte 5, lte 5", false)]
    [InlineData("gt 5, lte 5", true)]
    [InlineData("eq 5, gt 9", true)]
    [InlineData("eq 5, gt 4", false)]
    [InlineData("eq \"5\", gt 4", false)]
    [InlineData("in [1,2,3], gte 4", true)]
    [InlineData("in [1,2,3], not_in [1,2]", false)]
    [InlineData("in [1,2], not_in [1,2]", true)]
    [InlineData("eq \"5.0\", in [5]", false)]
    [InlineData("in [\"5.0\"], eq 5", false)]
    [InlineData("in [\"a\",\"b\"], matches \"^c\"", true)]
    [InlineData("eq \"a\", eq \"b\"", true)]
    [InlineData("eq \"abc\", length_gt 3", true)]
    [InlineData("length_gt 5, length_lt 3", true)]
    [InlineData("length_lt 0", true)]
    [InlineData("starts_with \"/a\", starts_with \"/b\"", true)]
    [InlineData("starts_with \"/a\", starts_with \"/a/b\"", false)]
    [InlineData("exists false, eq 1", true)]
    [InlineData("exists false, exists true", true)]
    [InlineData("exists true, eq 1", false)]
    [InlineData("matches \"^a\", matches \"^b\"", false)]
    [InlineData("neq 1, neq 2", false)]
    public void Reports_a_condition_that_no_value_meets(string conditions, bool isImpossible) =>
        Assert.Equal(isImpossible, IsFound("require", Written(conditions)));

    [Theory]
    [InlineData("require", "every call is denied")]
    [InlineData("deny_if", "no call is denied")]
    [InlineData("approve_if", "approval is required only where")]
    public void Says_what_follows(string member, string effect)
    {
        var found = Find($"\"{member}\":[{{\"all\":[{Written("gt 5, lt 3")}]}}]");

        Assert.Contains(effect, Assert.Single(found).Message, StringComparison.Ordinal);
        Assert.Equal($"/tools/t/{member}/0/all/1", found[0].Pointer);
    }

    [Fact]
    public void Conditions_of_which_any_denies_are_looked_at_one_by_one() =>
        Assert.False(IsFound("deny_if", Written("gt 5, lt 3")));

    [Fact]
    public void Conditions_on_each_element_are_not_reported() =>
        Assert.False(IsFound("require", Written("gt 5, lt 3").Replace("args.a", "args.a[*]")));

    [Fact]
    public void No_value_meets_a_reported_condition() => Prop.ForAll(Arb.From(Conjunctions), conditions =>
    {
        var json = string.Join(',', conditions);
        if (!IsFound("require", json))
            return true.ToProperty();
        return Values.All(value => Policies.Evaluate($$"""{"require":[{{json}}]}""", $$"""{"a":{{value}}}""").Outcome
            == DecisionOutcome.Deny).Label(json);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static Gen<string[]> Conjunctions =>
        from count in Gen.Choose(1, 3)
        from parts in Gen.ArrayOf(
            from op in Gen.Elements("eq", "neq", "lt", "lte", "gt", "gte", "length_lt", "length_gt", "in", "exists")
            from one in Gen.Elements(Values)
            from two in Gen.Elements(Values)
            from number in Gen.Choose(0, 10)
            select Condition(op, op switch
            {
                "in" => $"[{one},{two}]",
                "exists" => number % 2 == 0 ? "true" : "false",
                "eq" or "neq" => one,
                _ => $"{number}",
            }), count)
        select parts;

    private static string Condition(string op, string value) =>
        $$"""{"path":"args.a","op":"{{op}}","value":{{value}}}""";

    private static string Written(string conditions) => string.Join(',',
        conditions.Split(", ").Select(part => part.Split(' ', 2)).Select(part => Condition(part[0], part[1])));

    private static string Document(string members) =>
        $$$"""{"version":"1","default":"deny","tools":{"t":{ {{{members}}} } } }""";

    private static bool IsFound(string member, string conditions) => Find($"\"{member}\":[{conditions}]").Count > 0;

    private static List<PolicyProblem> Find(string members) =>
        [.. PolicyReview.Run(Encoding.UTF8.GetBytes(Document(members)), "p.json", tools: null)
            .Where(problem => problem.Kind == FindingKind.Impossible)];
}
