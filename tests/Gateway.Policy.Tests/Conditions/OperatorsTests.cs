using Gateway.Policy.Conditions;
using Gateway.Policy.Tests.Oracle;

namespace Gateway.Policy.Tests.Conditions;

public class OperatorsTests
{
    public static TheoryData<string> Names => [.. Operators.Names];

    [Fact]
    public void An_unknown_name_is_no_operator()
    {
        Assert.Null(Operators.Find("length_ne"));
        Assert.Null(Operators.Find(null));
        Assert.Equal(Operators.Names.Length, Operators.Names.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_operator_decides_as_the_oracle_on_every_type_of_argument(string name)
    {
        var op = Operators.Find(name)!;
        foreach (var value in op.Operand.Samples)
        {
            var condition = OperatorPages.Condition(op, value);
            var plain = JsonDocument.Parse(condition).RootElement;
            foreach (var argument in OperatorPages.ArgumentsOf(op, value).Append(null))
            {
                var arguments = argument is null ? "{}" : $$"""{"x":{{argument}}}""";
                OperatorTests.AssertTruth(condition, arguments, OracleCondition.Holds(
                    plain, new(JsonDocument.Parse(arguments).RootElement, default), isEvery: true) switch
                {
                    true => OperatorTests.Holds,
                    false => OperatorTests.Fails,
                    null => OperatorTests.Denies,
                });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_type_that_does_not_fit_is_never_compared_and_one_that_fits_is(string name)
    {
        var op = Operators.Find(name)!;
        var compared = op.Operand.Samples
            .SelectMany(value => OperatorPages.Decide(op, value))
            .Where(static one => one.Argument is not null && one.Found != OperatorTests.Denies)
            .Select(static one => OperatorPages.TypeOf(one.Argument!)).ToHashSet();
        // Whole numbers are numbers.
        var fits = op.Fits.IsEmpty ? OperatorPages.Types : op.Fits.Except(["integer"]);
        Assert.Equal(fits.Order(), compared.Order());
    }

    [Fact]
    public void The_published_schema_has_every_operator_and_its_value() => OperatorPages.AssertCurrent(
        OperatorPages.WriteSchema, "src", "core", "Gateway.Policy", "Schemas", "policy-v1.json");

    [Fact]
    public void The_console_has_every_operator() => OperatorPages.AssertCurrent(
        static _ => OperatorPages.Module,
        "src", "gateway", "Gateway.Admin", "Console", "wwwroot", "state", "operators.js");

    [Fact]
    public void The_page_about_policies_says_what_every_operator_does_to_every_type() =>
        OperatorPages.AssertCurrent(OperatorPages.WritePage, "docs", "how-to", "policy.md");
}
