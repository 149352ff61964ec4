using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Costs;

/// <summary>No URI makes a decision slow, counted in steps, so that no machine is too busy to say so.</summary>
public class UriCostTests
{
    private const int Small = 512;
    private const int Factor = PolicyBounds.NameLengthMax / Small;

    private static readonly PolicyDecision Denied = Decision(DecisionOutcome.Deny, "denied");

    private static readonly Func<int, string>[] Uris =
    [
        static size => "file:///" + new string('a', size - 8),
        static size => Filled("notes://", "aaaab/", size),
        static size => Filled("memo:", "%61", size),
        static size => Filled("http://h/", "a;a ", size),
        static size => Filled("file://h/", "a//", size),
        static size => Filled("file:///", "%2561;", size),
        static size => Filled("x://%2F", "a?", size),
    ];

    [Theory]
    [InlineData("*a*a*a*a*ab")]
    [InlineData("*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab*b*b*b*b")]
    [InlineData("*/a*/a*/a*/a*c")]
    public void The_steps_of_a_URI_grow_as_its_length_does(string pattern)
    {
        var section = Section(Enumerable.Range(1, 20).Select(i => pattern + new string('x', i) + "*"));
        foreach (var uri in Uris)
        {
            var (small, large) = (Steps(section, uri(Small)), Steps(section, uri(Small * Factor)));
            Assert.True(large <= 1.1 * Factor * small + 100, $"{small}, then {large} for {uri(20)}");

            // One look at each spelling by each pattern, at most, however they are made.
            Assert.InRange(large, 1, 40 * 20 * Small * Factor / WorkBudget.CharactersPerStep);
        }
    }

    [Fact]
    public void A_pattern_takes_a_step_for_each_character_and_64_tokens()
    {
        foreach (var (pattern, words) in new[] { ("*a*a*a*a*b", 1), (Filled("", "*?a", 255) + "*b", 3) })
        {
            var glob = new Glob(pattern, GlobStyle.Name);
            foreach (var length in new[] { 500, 1000, 8000 })
            {
                glob.Matches(new string('a', length - 1) + "b", out var steps);
                Assert.InRange(steps, 1, length * words);
            }
        }
    }

    [Fact]
    public void Denies_a_URI_that_takes_too_long_to_compare_with_all_patterns()
    {
        var patterns = Enumerable.Range(0, 2000).Select(static i => $"\"*a*a*x{i}*\"");
        var binding = Bind($$"""{"version":"1","default":"allow","resources":{"deny":[{{string.Join(',', patterns)}}] } }""");
        var hostile = About(binding, PolicySubject.Resource, Filled("file:///", "a%61;", 8192));
        Assert.Equal((DecisionOutcome.Deny, "(ambiguous URI)"), (hostile.Outcome, hostile.Rule));
        Assert.StartsWith("This URI is too long", hostile.Reason, StringComparison.Ordinal);
        var plain = About(binding, PolicySubject.Resource, "file:///srv/a/notes%20b.md");
        Assert.Equal(DecisionOutcome.Allow, plain.Outcome);
    }

    [Fact]
    public void Denies_a_template_that_takes_too_long_to_compare_with_all_patterns()
    {
        var patterns = Enumerable.Range(0, 200).Select(static i => $"\"*{Filled("", "ab*", 300)}{i}*\"");
        var binding = Bind($$"""{"version":"1","default":"allow","resources":{"deny":[{{string.Join(',', patterns)}}] } }""");
        var hostile = About(binding, PolicySubject.Template, Filled("file:///{x}", "ab{y}", 8192));
        Assert.StartsWith("This URI is too long", hostile.Reason, StringComparison.Ordinal);
    }

    private static int Steps(ResourceSection section, string uri)
    {
        var work = new WorkBudget(int.MaxValue);
        Assert.Equal(DecisionOutcome.Allow, section.DecideUri(uri, work).Outcome);
        return work.Spent;
    }

    private static ResourceSection Section(IEnumerable<string> deny) => new(
        [],
        [.. deny.Select(static pattern => (new Glob(pattern, GlobStyle.Uri), Denied))],
        Decision(DecisionOutcome.Allow, "otherwise"),
        Decision(DecisionOutcome.Allow, "ambiguous"),
        Decision(DecisionOutcome.Deny, "too much"));

    private static PolicyDecision Decision(DecisionOutcome outcome, string rule) =>
        new() { Outcome = outcome, Rule = rule };

    private static string Filled(string start, string part, int size) =>
        start + string.Concat(Enumerable.Repeat(part, (size - start.Length) / part.Length));
}
