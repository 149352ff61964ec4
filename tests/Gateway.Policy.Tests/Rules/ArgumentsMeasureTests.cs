using System.Collections.Frozen;

namespace Gateway.Policy.Tests.Rules;

public sealed class ArgumentsMeasureTests
{
    private const int TextBytes = 1024 * 1024;

    [Theory]
    [InlineData("[0,")]
    [InlineData("[100,")]
    [InlineData("[\"\",")]
    [InlineData("[\"a\",")]
    [InlineData("[true,")]
    [InlineData("[[],")]
    [InlineData("[{},")]
    [InlineData("[[0],")]
    [InlineData("[{\"a\":0},")]
    [InlineData("[\"\\u00e9\\n\",")]
    [InlineData("[\"a long text that is nothing but itself, over and over again\",")]
    [InlineData("{\"#\":0,")]
    [InlineData("{\"#\":[{\"#\":\"a\"}],")]
    public void Reading_takes_no_more_than_was_measured(string begin)
    {
        var arguments = Arguments(begin);
        var measured = ArgumentsMeasure.Of(arguments.Span);
        CallArguments.Read(arguments);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var node = CallArguments.Read(arguments);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.NotNull(node);
        Assert.True(taken <= measured, $"{taken} bytes, {measured} were measured");
    }

    [Fact]
    public void A_long_text_costs_about_what_it_is()
    {
        var arguments = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', TextBytes)}}"}""");

        Assert.InRange(ArgumentsMeasure.Of(arguments), 2 * TextBytes, 3 * TextBytes);
    }

    [Fact]
    public void Only_what_a_rule_looks_into_is_read_of_large_arguments()
    {
        var list = string.Join(',', Enumerable.Repeat("0", TextBytes));
        var arguments = Encoding.UTF8.GetBytes($$$"""{"list":[{{{list}}}],"Amount":2,"amount":{"cents":[1,2]}}""");
        var read = FrozenSet.Create(StringComparer.Ordinal, "amount");

        var node = CallArguments.Read(arguments, read)!;

        Assert.InRange(ArgumentsMeasure.Of(arguments, read), 1, 4000);
        Assert.Equal(2, node.Find("amount")!.Find("cents")!.Items.Length);
        Assert.Equal(["list", "Amount", "amount"], node.Members.Select(static member => member.Name));
        Assert.True(node.Find("list")!.Items.IsEmpty);
    }

    [Theory]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1")]
    [InlineData("[\"\\q\"]")]
    [InlineData("tru")]
    [InlineData("")]
    public void Arguments_that_no_rule_looks_into_are_JSON_all_the_same(string value)
    {
        var arguments = Encoding.UTF8.GetBytes(
            $$"""{"amount":1,"text":"{{new string('x', TextBytes)}}","more":{{value}}}""");

        Assert.Null(CallArguments.Read(arguments, FrozenSet.Create(StringComparer.Ordinal, "amount")));
    }

    [Fact]
    public void A_large_call_is_evaluated_by_the_arguments_that_its_rules_read()
    {
        var policy = Policies.Bind(Policies.Document(
            """
            "tools": {
              "pay": { "require": [ { "path": "args.amount", "op": "lte", "value": 100 } ] },
              "any": { "require": [ { "path": "args.list[*]", "op": "lte", "value": 100 } ] },
              "free": {}
            }
            """));
        var list = string.Join(',', Enumerable.Repeat("0", TextBytes));
        foreach (var amount in (int[])[100, 101])
        {
            var arguments = Encoding.UTF8.GetBytes($$"""{"list":[{{list}}],"amount":{{amount}}}""");
            var call = new PolicyCall(PolicySubject.Tool, "pay", arguments);

            var expected = amount == 100 ? DecisionOutcome.Allow : DecisionOutcome.Deny;
            Assert.Equal(expected, PolicyEngine.Decide(policy, call).Outcome);
            Assert.InRange(PolicyEngine.EvaluationBytes(policy, call), 1, 4000);
            Assert.True(PolicyEngine.EvaluationBytes(policy, call with { Name = "any" }) > 32 * TextBytes);
            Assert.Equal(0, PolicyEngine.EvaluationBytes(policy, call with { Name = "free" }));
        }
    }

    [Fact]
    public void Arguments_that_are_no_JSON_are_measured_as_far_as_they_are() =>
        Assert.InRange(ArgumentsMeasure.Of("""{"a":[0,0,0,"""u8), 1, 2000);

    private static ReadOnlyMemory<byte> Arguments(string begin)
    {
        var text = new StringBuilder(begin.StartsWith('[') ? "{\"a\":" : "").Append(begin[0]);
        var (item, count) = (begin[1..], 0);
        while (text.Length < TextBytes)
            text.Append(item.Replace("#", $"{count++}", StringComparison.Ordinal));
        text.Length--;
        text.Append(begin[0] == '[' ? "]}" : "}");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
