using FsCheck;
using FsCheck.Fluent;
using Gateway.Policy.Apps;
using Gateway.Policy.Classes;
using Gateway.Policy.Lists;
using Gateway.Policy.Tests.Rules;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Oracle;

public class AgreementTests
{
    private static readonly NamedLists Known =
        ListsOf([.. RandomPolicies.Lists.Select(static list => (list.Key, list.Value))]);

    [Fact]
    public void The_evaluator_decides_as_the_naive_one_on_random_policies()
    {
        var outcomes = new Dictionary<string, int>();
        var cases =
            from document in RandomPolicies.Document
            from tool in RandomPolicies.Tool
            from arguments in RandomPolicies.Arguments
            from at in RandomPolicies.Instant
            from standing in RandomPolicies.Standing
            from caller in RandomPolicies.Caller
            from toolClass in RandomPolicies.Class
            select (document, tool, arguments, at, standing, caller, toolClass);
        Prop.ForAll(Arb.From(cases), example =>
        {
            var (document, tool, arguments, at, standing, caller, toolClass) = example;
            var decision = Call(
                Bind(document, lists: Known), tool, arguments, at: at, standing: standing, caller: caller,
                toolClass: toolClass);
            var found = (decision.Outcome, decision.Rule, Shown(decision, at));
            var expected = OraclePolicy.Decide(
                JsonDocument.Parse(document).RootElement, tool,
                new(JsonDocument.Parse(arguments).RootElement, at, Parse(caller)), standing,
                ToolClasses.NameOf(toolClass));
            var kind = decision.Rule.Split('/') is [.., var list, var index] && index.All(char.IsAsciiDigit)
                ? list
                : decision.Rule.EndsWith("/by", StringComparison.Ordinal) ? "by"
                : decision.Rule.EndsWith("/scope", StringComparison.Ordinal) ? "subject"
                : decision.Rule == "(not accepted)" ? "pin"
                : decision.Rule == "(unreadable arguments)" ? "number"
                : decision.Rule == "(ambiguous tool)" ? "name"
                : decision.Rule.StartsWith("/classes/", StringComparison.Ordinal) ? "class"
                : decision.Rule == "(uncertain class)" ? "uncertain"
                : decision.Rule.StartsWith("(am", StringComparison.Ordinal) ? "variant" : decision.Outcome.ToString();
            outcomes[kind] = outcomes.GetValueOrDefault(kind) + 1;
            return (found == expected).Label(
                $"{expected} expected, {found} found: {document} {tool} {standing} {toolClass} {arguments} "
                + $"{at:o} {caller}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

        // The random policies have to be worth something: each way of deciding is met often.
        foreach (var kind in new[]
        {
            "pin", "name", "variant", "number", "require", "deny_if", "approve_if", "by", "subject", "show_if",
            "class", "uncertain", "Allow", "Deny", "Ask",
        })
            Assert.True(outcomes.GetValueOrDefault(kind) > 10, $"{kind}: {outcomes.GetValueOrDefault(kind)}");
    }

    [Fact]
    public void A_condition_evaluates_like_the_naive_one_under_both_lists()
    {
        var cases =
            from document in RandomPolicies.Document
            from arguments in RandomPolicies.Arguments.ListOf(20)
            from at in RandomPolicies.Instant
            select (document, arguments, at);
        Prop.ForAll(Arb.From(cases), example => example.arguments.All(arguments =>
        {
            var binding = Bind(example.document, lists: Known);
            var expected = OraclePolicy.Decide(
                JsonDocument.Parse(example.document).RootElement, "ab",
                new(JsonDocument.Parse(arguments).RootElement, example.at));
            return Call(binding, "ab", arguments, at: example.at).Rule == expected.Rule;
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void An_app_that_nobody_has_accepted_has_what_a_random_policy_lists()
    {
        string[] declared = ["https://a.com", "https://b.a.com", "https://c.com", "wss://b.com:8443"];
        var (narrowed, denied) = (0, 0);
        Prop.ForAll(Arb.From(RandomPolicies.Document), document =>
        {
            var apps = Bind(document, lists: Known).Apps!;
            JsonDocument.Parse(document).RootElement.TryGetProperty("apps", out var written);
            Assert.Equal(Member(written, "allow").ValueKind != JsonValueKind.False, apps.Allows);
            var bounds = apps.BoundsOf(accepted: null);
            Assert.Equal(
                Texts(Member(written, "permissions")).Order(StringComparer.Ordinal),
                bounds.Permissions.Order(StringComparer.Ordinal));
            foreach (var member in AppBounds.CspMembers)
            {
                var listed = Texts(Member(Member(written, "csp"), member));
                var expected = declared.Where(one => listed.Contains("*") || listed.Contains(one)
                    || (one == "https://b.a.com" && listed.Contains("https://*.a.com"))).ToList();
                Assert.Equal(expected, bounds.Narrowed(member, declared).Order(StringComparer.Ordinal));
                narrowed += expected.Count is 1 or 2 ? 1 : 0;
            }

            denied += apps.Allows ? 0 : 1;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

        Assert.True(narrowed > 10 && denied > 10, $"{narrowed} narrowed, {denied} denied");
    }

    private static JsonElement Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var found) ? found : default;

    private static List<string> Texts(JsonElement list) => list.ValueKind != JsonValueKind.Array ? []
        : [.. list.EnumerateArray().Select(static one => one.GetString()!)];

    private static JsonElement Parse(string caller) =>
        caller.Length == 0 ? default : JsonDocument.Parse(caller).RootElement;

    private static string Shown(PolicyDecision decision, DateTimeOffset at) =>
        string.Join(' ', decision.Costs.Select(cost => Shown(cost, at))
            .Concat(decision.InFlight.Select(static place => place.Rule)));

    private static string Shown(DecisionCost cost, DateTimeOffset at) => cost.Rule
        + (cost.Cost.Value is { } value ? "=" + string.Join('|', ByValueTests.Values(value.Parts.ToArray())) : "")
        + (cost.Window.Zone is null ? "" : $"@{cost.Cost.Key.Window.StartMs(at.ToUnixTimeMilliseconds())}");
}
