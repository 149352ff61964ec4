using Gateway.Policy.Recording;

namespace Gateway.Policy.Tests.Recording;

public sealed class ArgumentFilterTests
{
    private const string Arguments = """
        { "amount": 100.50, "big": 9007199254740993, "currency": "CHF", "note": "order A-12", "text": "200",
          "a b": { "c.d": [1, 2] }, "items": [ { "price": 5 }, { "price": 150 } ], "flag": true, "none": null,
          "empty": "" }
        """;

    [Theory]
    [InlineData("args.amount gt 100", true)]
    [InlineData("args.amount gt 100.5", false)]
    [InlineData("args.amount gte 100.500", true)]
    [InlineData("args.amount eq 1.005e2", true)]
    [InlineData("args.amount neq 100", true)]
    [InlineData("args.amount lt 100.51", true)]
    [InlineData("args.amount lte 100.49", false)]
    // A double cannot tell these apart.
    [InlineData("args.big eq 9007199254740992", false)]
    [InlineData("args.big gt 9007199254740992", true)]
    [InlineData("args.text gt 150", true)]
    [InlineData("args.currency eq CHF", true)]
    [InlineData("args.currency eq \"CHF\"", true)]
    [InlineData("args.currency  neq  EUR", true)]
    [InlineData("args.currency eq chf", false)]
    [InlineData("args.currency gt 1", false)]
    [InlineData("args.note contains order A", true)]
    [InlineData("args.note contains 12", true)]
    [InlineData("args[\"a b\"][\"c.d\"] contains 2", true)]
    [InlineData("args[\"a b\"][\"c.d\"] contains 3", false)]
    [InlineData("args.items[*].price gt 100", true)]
    [InlineData("args.items[0].price gt 100", false)]
    [InlineData("args.flag eq true", true)]
    [InlineData("args.none eq null", true)]
    [InlineData("args.empty eq \"\"", true)]
    [InlineData("args.missing neq 1", false)]
    [InlineData("args.missing eq null", false)]
    public void Matches_compares_as_policies_do(string condition, bool expected) =>
        Assert.Equal(expected, Read(condition).Matches(Kept(Arguments)));

    [Fact]
    public void Matches_needs_every_condition()
    {
        Assert.True(Read("args.amount gt 100", "args.currency eq CHF").Matches(Kept(Arguments)));
        Assert.False(Read("args.amount gt 100", "args.currency eq EUR").Matches(Kept(Arguments)));
    }

    [Theory]
    [InlineData("args.token eq null")]
    [InlineData("args.token neq x")]
    [InlineData("args.token.part neq x")]
    public void Denies_when_the_value_was_not_recorded(string condition)
    {
        // A value whose name looks like a secret is not kept; null takes its place.
        Assert.False(Read(condition).Matches(Kept("""{ "token": "a", "amount": 1 }""")));
        Assert.False(Read(condition).Matches(RecordedArguments.Unknown));
    }

    [Theory]
    [InlineData("amount gt 1", 1, "a path begins with \"args\": \"args.amount\"")]
    [InlineData("args..x gt 1", 1, "a key is missing after '.'")]
    [InlineData("args.amount", 12, "an operator is missing after the path: eq, neq")]
    [InlineData("args.amount gtt 1", 13, "there is no operator \"gtt\"; use eq, neq")]
    [InlineData("args.amount matches 1", 13, "there is no operator \"matches\"")]
    [InlineData("args.amount gt", 15, "a value is missing after the operator")]
    [InlineData("args.amount gt lots", 16, "must be a number")]
    [InlineData("args.amount gt 1e99999999999999999999", 16, "an exponent has at most 17 digits")]
    [InlineData("args.note contains \"\"", 20, "every string contains")]
    [InlineData("caller.subject eq ann", 1, "a path begins with \"args\"")]
    public void Read_names_the_place_of_a_problem(string condition, int column, string message)
    {
        Assert.Null(ArgumentFilter.Read(["args.amount gt 1", condition], out var problem));
        Assert.Equal((1, column), (problem.Index, problem.Column));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_bounds_the_number_and_the_length_of_conditions()
    {
        Assert.NotNull(ArgumentFilter.Read([.. Enumerable.Repeat("args.a eq 1", 8)], out _));
        Assert.Null(ArgumentFilter.Read([.. Enumerable.Repeat("args.a eq 1", 9)], out var problem));
        Assert.Equal(8, problem.Index);
        Assert.Null(ArgumentFilter.Read(["args.a eq " + new string('x', 500)], out problem));
        Assert.Contains("at most 500 characters", problem.Message, StringComparison.Ordinal);
    }

    private static ArgumentFilter Read(params string[] conditions)
    {
        var filter = ArgumentFilter.Read(conditions, out var problem);
        Assert.True(filter is not null, problem.Message);
        return filter;
    }

    private static RecordedArguments Kept(string arguments) =>
        RecordedArguments.Read(ArgumentRecording.All.Keep(Encoding.UTF8.GetBytes(arguments)))!;
}
