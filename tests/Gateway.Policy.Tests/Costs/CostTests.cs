using Gateway.Policy.Conditions;
using Gateway.Policy.Schemas.Compiling;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Costs;

/// <summary>
/// No keyword, no operator and no arguments make a decision slow: looked for over each of them with every kind of
/// hostile arguments, at three sizes.
/// </summary>
public class CostTests
{
    private const int Factor = 4;

    // What grows with the square shows at the smaller size too, if less far.
    private static readonly int Small = (Requirements.AreFull ? 16 : 4) * 1024;

    /// <summary>
    /// What a decision may take of a processor, and what is too short to say how it grows: 2 s and 60 ms where a
    /// megabyte of JSON is read in 8 ms, and in proportion on a slower machine.
    /// </summary>
    private static readonly TimeSpan Most = 250 * ThreadClock.Megabyte;
    private static readonly TimeSpan Unclear = 7.5 * ThreadClock.Megabyte;

    public static TheoryData<string> Keywords => [.. HostilePolicies.Schemas.Keys];

    public static TheoryData<string> OperatorNames => [.. HostilePolicies.Values.Keys];

    [Fact]
    public void Every_keyword_and_operator_is_looked_at()
    {
        string[] keywords = [.. SchemaVocabulary.Single, .. SchemaVocabulary.Lists, .. SchemaVocabulary.Maps,
            .. SchemaVocabulary.Assertions, "$ref"];
        Assert.Equal(keywords.Order(), HostilePolicies.Schemas.Keys.Order());
        Assert.Equal(Operators.Names.Order(), HostilePolicies.Values.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Keywords))]
    public void A_keyword_costs_no_more_than_in_proportion(string keyword) => AssertCheap(
        from schema in HostilePolicies.Schemas[keyword]
        select Entry(schema, ""));

    [Theory]
    [MemberData(nameof(OperatorNames))]
    public void An_operator_costs_no_more_than_in_proportion(string op) => AssertCheap(
        from value in HostilePolicies.Values[op]
        from path in HostilePolicies.Paths
        let condition = $$"""{"path":"{{path}}","op":"{{op}}","value":{{value}}}"""
        select Entry("true", $$"""
            ,"require":[ {"any":[{{condition}},{"not":{{condition}} }]} ]
            ,"deny_if":[ {{HostilePolicies.Many(20, condition)}} ]
            """));

    [Fact]
    public void Reading_names_and_amounts_costs_no_more_than_in_proportion()
    {
        const string Names = """{"properties":{"v":{"items":{"properties":{"K1":true}}}}}""";
        var absent = Enumerable.Range(0, 200).Select(static i =>
            $$"""{"path":"args.v[*].k{{i}}","op":"exists","value":false}""");
        AssertCheap(
        [
            Entry("true", """
                ,"limits":[{"counter":"c","window":"day","max":5,"increment_from":"args.v"}],"case_variants":"allow"
                """),
            Entry("true", $$""","require":[{{string.Join(',', absent)}}]"""),
            Entry($$"""{"anyOf":[{{HostilePolicies.Many(300, Names)}}]}""", ""),
        ]);
    }

    [Theory]
    [InlineData("numbers that are all zero")]
    [InlineData("numbers beyond reading")]
    [InlineData("numbers of long digits")]
    [InlineData("two objects of all names")]
    [InlineData("nested arrays")]
    [InlineData("many names")]
    public void The_largest_arguments_are_evaluated_in_bounded_time(string arguments)
    {
        const int size = 4 * 1024 * 1024 - 1000;
        foreach (var schema in new[] { HostilePolicies.Doubling("anyOf"), HostilePolicies.Schemas["uniqueItems"][1] })
        {
            var cost = Cost(Bind(Entry(schema, "")), HostileArguments.All[arguments], size);
            Assert.True(cost < 2 * Most, $"{cost.TotalMilliseconds:F0} ms under {schema}");
        }
    }

    [Fact]
    public void Random_policies_cost_no_more_than_their_bound()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] schemas = [.. HostilePolicies.Schemas.Values.SelectMany(static forms => forms)
            .Where(static form => !form.Contains("/v/", StringComparison.Ordinal))];
        string[] frames = ["""{"items":X}""", """{"anyOf":[X,{"items":X}]}""", """{"not":{"allOf":[X,X]}}""",
            """{"properties":{"v":X},"additionalProperties":X}""", """{"if":X,"then":X,"else":X}""",
            """{"contains":X,"uniqueItems":true}""", "X"];
        for (var run = 0; run < 150; run++)
        {
            var schema = "X";
            for (var depth = 0; depth < 3; depth++)
                schema = schema.Replace("X", random.GetItems(frames, 1)[0], StringComparison.Ordinal);
            var parts = schema.Split('X');
            schema = parts[0] + string.Concat(parts.Skip(1).Select(part => random.GetItems(schemas, 1)[0] + part));
            var (name, make) = random.GetItems(HostileArguments.All.ToArray(), 1)[0];
            var cost = Cost(Bind(Entry(schema, "")), make, Small * Factor);
            Assert.True(cost < Most, $"seed {seed}: {cost.TotalMilliseconds:F0} ms for {name} under {schema}");
        }
    }

    private static void AssertCheap(IEnumerable<string> policies)
    {
        var slow = new List<string>();
        foreach (var policy in policies)
        {
            var binding = Bind(policy);
            foreach (var (name, make) in HostileArguments.All)
            {
                var (small, large) = (Cost(binding, make, Small), Cost(binding, make, Small * Factor));

                // A pause of the collector can make one of them long: what is so each time is meant.
                for (var again = 0; again < 3 && IsSlow(small, large); again++)
                    (small, large) = (Cost(binding, make, Small), Cost(binding, make, Small * Factor));
                if (!IsSlow(small, large))
                    continue;
                slow.Add($"{name}: {small.TotalMilliseconds:F0} ms, {large.TotalMilliseconds:F0} ms under "
                    + policy[..Math.Min(300, policy.Length)]);
            }
        }

        Assert.True(slow.Count == 0, string.Join('\n', slow));
    }

    private static bool IsSlow(TimeSpan small, TimeSpan large) =>
        large >= Most || (large > Unclear && large > 2.5 * Factor * small);

    private static TimeSpan Cost(PolicyBinding binding, Func<int, string> make, int size)
    {
        var arguments = Encoding.UTF8.GetBytes($$"""{"v":{{make(size)}}}""");
        var call = new PolicyCall(PolicySubject.Tool, "pay", arguments);
        return ThreadClock.Of(() => PolicyEngine.Decide(binding, call));
    }

    private static string Entry(string schema, string members)
    {
        var ofValue = schema.Replace("\"#\"", "\"#/properties/v\"", StringComparison.Ordinal);
        return $$"""
            {"version":"1","default":"deny","tools":{"pay":{
              "arguments":{"properties":{"v":{{ofValue}} } } {{members}} } } }
            """;
    }
}
