using Gateway.Policy.Tools.Testing;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class SubjectLimitTests
{
    private const string Ana = """{"issuer":"corp","subject":"ana"}""";

    [Fact]
    public void The_counter_belongs_to_the_person_and_the_server_and_names_neither_person_nor_grant()
    {
        var loaded = Load(Entry("")).Policy!;
        var one = Call(loaded.Bind("g", "s"), "t", caller: Ana).LimitCosts[0];
        var other = Call(loaded.Bind("h", "s"), "t", caller: Ana).LimitCosts[0];
        Assert.Equal((one.Key, one.Value!.Values), (other.Key, other.Value!.Values));
        Assert.Equal(one.Value.Parts.ToArray(), other.Value.Parts.ToArray());
        Assert.Equal(["subject", "corp", "ana"], ByValueTests.Values(one.Value.Parts.ToArray()));
        Assert.NotEqual(one.Key, Call(loaded.Bind("g", "s2"), "t", caller: Ana).LimitCosts[0].Key);
        Assert.DoesNotContain("ana", one.Key.Text, StringComparison.Ordinal);
        Assert.StartsWith("s/c~by~", one.Key.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_callers_are_one()
    {
        var binding = Bind(Entry(",\"without\":\"grant\""), grant: "ana");
        string?[] callers =
        [
            Ana, """{"issuer":"lab","subject":"ana"}""", """{"issuer":"corp","subject":"Ana"}""",
            """{"issuer":"corpa","subject":"na"}""", """{"issuer":"grant","subject":"ana"}""", null,
        ];
        var parts = callers.Select(caller =>
            Convert.ToHexString(Call(binding, "t", caller: caller).LimitCosts[0].Value!.Parts.Span));
        Assert.Equal(callers.Length, parts.Distinct().Count());
    }

    [Theory]
    [InlineData("", "person")]
    [InlineData(",\"without\":\"grant\"", "person or grant")]
    [InlineData(",\"by\":[\"args.to\",\"args.from\"]", "person and args.to and args.from")]
    public void The_overview_names_who_is_counted_and_the_maximum_of_each(string members, string each)
    {
        var counter = Assert.Single(Bind(Entry(members)).Counters);
        Assert.Equal(
            (each, "3", "10000"), (counter.Each!.Of, counter.Each.Max.ToString(), counter.Cost.Max.ToString()));
    }

    [Fact]
    public void Denies_when_nobody_is_named()
    {
        var denied = Call(Bind(Entry("")), "t");
        Assert.Equal((DecisionOutcome.Deny, "/tools/t/limits/0/scope"), (denied.Outcome, denied.Rule));
        Assert.Equal("The limit on c counts calls per person, but this call's token identifies no "
            + "person", denied.Reason);
        Assert.NotEqual("", denied.NextStep);
        Assert.Empty(denied.Costs);
    }

    [Fact]
    public void A_limit_with_a_value_too_counts_each_pair()
    {
        var binding = Bind(Entry(",\"by\":\"args.to\""));
        Assert.Equal(
            ["subject", "corp", "ana", "x"], ByValueTests.Values(Call(binding, "t", """{"to":"x"}""", caller: Ana)));
        Assert.Equal("/tools/t/limits/0/by", Call(binding, "t", caller: Ana).Rule);
    }

    [Theory]
    [InlineData(",\"scope\":\"server\"")]
    [InlineData(",\"scope\":\"server\",\"by\":[\"caller.issuer\",\"caller.subject\"]")]
    [InlineData(",\"scope\":\"subject\",\"by\":\"caller.client\"")]
    [InlineData(",\"scope\":\"subject\",\"kind\":\"sliding\"")]
    public void Another_scope_value_or_kind_is_another_counter(string members)
    {
        const string caller = """{"issuer":"corp","subject":"ana","client":"c"}""";
        var other = Document(
            "\"tools\":{\"t\":{\"limits\":[{\"counter\":\"c\",\"window\":\"day\",\"max\":3" + members + "}]}}");
        Assert.NotEqual(
            Call(Bind(Entry("")), "t", caller: caller).LimitCosts[0].Key,
            Call(Bind(other), "t", caller: caller).LimitCosts[0].Key);
    }

    [Theory]
    [InlineData(
        "\"scope\":\"grant\",\"without\":\"grant\"", "/tools/t/limits/0/without", "an effect only with \"scope\": "
            + "\"subject\"")]
    [InlineData("\"scope\":\"subject\",\"without\":\"session\"", "/tools/t/limits/0/without", "one of \"grant\"")]
    [InlineData("\"scope\":\"person\"", "/tools/t/limits/0/scope", "\"subject\"")]
    [InlineData("\"keys_max\":5", "/tools/t/limits/0/keys_max", "\"by\"")]
    public void A_member_that_does_not_fit_is_an_error(string members, string pointer, string message)
    {
        var loaded = Load(Document(
            "\"tools\":{\"t\":{\"limits\":[{\"counter\":\"c\",\"window\":\"day\",\"max\":3," + members + "}]}}"));
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal(pointer, problem.Pointer);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"scope\":\"server\",\"max\":3", "\"scope\":\"subject\",\"without\":\"grant\",\"max\":5", true)]
    [InlineData("\"scope\":\"server\",\"max\":3", "\"scope\":\"subject\",\"max\":5", false)]
    [InlineData("\"scope\":\"subject\",\"max\":3", "\"scope\":\"server\",\"max\":5", false)]
    public void A_limit_that_denies_the_nameless_is_never_called_needless(string first, string second, bool isLoose)
    {
        var loaded = Load(Document("\"tools\":{\"t\":{\"limits\":[{\"counter\":\"a\",\"window\":60," + first
            + "},{\"counter\":\"b\",\"window\":60," + second + "}]}}"));
        Assert.Equal(
            isLoose,
            loaded.Problems.Any(static one => one.Message.Contains("never refuses", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1, "fixed")]
    [InlineData(2, "fixed")]
    [InlineData(3, "sliding")]
    [InlineData(4, "bucket")]
    public void Calls_of_one_person_never_change_the_counter_of_another(int seed, string kind)
    {
        var random = new Random(seed);
        var loaded = Load(Document("\"tools\":{\"t\":{\"limits\":[{\"counter\":\"c\",\"window\":\"minute\",\"max\":4,"
            + $"\"scope\":\"subject\",\"without\":\"grant\",\"kind\":\"{kind}\"" + "}]}}")).Policy!;
        var calls = Enumerable.Range(0, 400).Select(_ => (
            AtMs: 1_704_067_200_000 + (random.Next(240) * 1000L),
            Grant: random.Next(2) == 0 ? "a" : "b",
            Caller: CallerOf(random.Next(4) switch
            {
                0 => null,
                var person => $$"""{"issuer":"i{{person % 2}}","subject":"p{{person}}"}""",
            }))).OrderBy(static call => call.AtMs).ToList();
        var mixed = new CallSequence(loaded);
        var alone = new Dictionary<(string?, string), CallSequence>();
        var outcomes = new List<string>();
        foreach (var call in calls)
        {
            // Each person has a sequence of their own here, under one grant; each grant counts for its nameless calls.
            var key = call.Caller is { } caller ? (caller.Issuer, caller.Subject) : (null, call.Grant);
            if (!alone.TryGetValue(key, out var own))
                alone[key] = own = new CallSequence(loaded);
            var expected = own.Call("only", call.AtMs, "t", default, call.Caller);
            var found = mixed.Call(call.Grant, call.AtMs, "t", default, call.Caller);
            Assert.Equal(expected.Word, found.Word);
            outcomes.Add(found.Word);
        }

        Assert.Equal(5, alone.Count);
        Assert.Contains("allow", outcomes);
        Assert.Contains("rate_limit", outcomes);
    }

    private static string Entry(string members) => Document(
        "\"tools\":{\"t\":{\"limits\":[{\"counter\":\"c\",\"window\":\"day\",\"max\":3,\"scope\":\"subject\"" + members
            + "}]}}");
}
