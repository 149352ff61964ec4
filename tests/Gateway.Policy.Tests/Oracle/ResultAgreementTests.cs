using FsCheck;
using FsCheck.Fluent;
using Gateway.Policy.Tests.Results;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Gateway.Policy.Tests.Oracle;

public class ResultAgreementTests
{
    private static readonly Gen<string> Name = Gen.Elements("a", "b", "card", "n", "zz1");
    private static readonly Gen<string> Text = Gen.Elements(
        "", "x", "zz1", "zz12 x zz3", "card 4111", "4111", "a b", "pin 12.", "12", "\\\"q\\\"",
        "\\u007az9", "long secret");

    private static readonly Gen<string> Results =
        from paths in Gen.Elements("result.a", "result.card", "result.a.b", "result.n", "result.card.a").ListOf(2)
        from expressions in Gen.Elements("zz[0-9]+", "x", "4[0-9]{3}", "p.*1").ListOf(1)
        from conditions in Gen.Elements("result.b", "result.zz", "result.n.a").ListOf(1)
        select $$"""
            {"redact":[{{string.Join(',', paths.Select(path => $$"""{"path":"{{path}}"}""")
                .Concat(expressions.Select(text => $$"""{"matches":"{{text}}"}""")))}}],
             "deny_if":[{{string.Join(',', conditions.Select(path =>
                $$"""{"path":"{{path}}","op":"starts_with","value":"card"}"""))}}]}
            """;

    [Fact]
    public void A_response_is_redacted_like_the_naive_evaluator_does()
    {
        var seen = new Dictionary<string, int>();
        var cases = from results in Results from value in Value(3) select (results, value);
        Prop.ForAll(Arb.From(cases), example =>
        {
            var message = ResultBench.Answer(example.value);
            var decision = ResultBench.Evaluate(example.results, message, out var passed);
            var found = decision.Denial is not null ? null
                : JsonNode.Parse(decision.IsChanged ? passed : message)!.ToJsonString();
            var expected = OracleResults.Evaluate(JsonNode.Parse(example.results)!, message);
            var kind = decision.Denial is not null ? "denied" : decision.IsChanged ? "changed" : "passed";
            seen[kind] = seen.GetValueOrDefault(kind) + 1;
            return (found == expected)
                .Label($"{expected} expected, {found ?? decision.Denial?.Reason} found: {example}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

        foreach (var kind in new[] { "denied", "changed", "passed" })
            Assert.True(seen.GetValueOrDefault(kind) > 10, $"{kind}: {seen.GetValueOrDefault(kind)}");
    }

    private static Gen<string> Value(int depth)
    {
        var leaf = Gen.OneOf(
            Text.Select(static text => $"\"{text}\""), Gen.Elements("null", "true", "12", "4111", "0.5", "-7"));
        if (depth == 0)
            return leaf;
        var inner = Value(depth - 1);
        return Gen.Frequency(
            (2, leaf),
            (3, from names in Name.ListOf(3)
                from values in inner.ListOf(3)
                let members = names.Distinct().Zip(values, static (name, value) => $"\"{name}\":{value}")
                select $"{{{string.Join(',', members)}}}"),
            (1, inner.ListOf(2).Select(static items => $"[{string.Join(',', items)}]")));
    }
}
