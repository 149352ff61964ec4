namespace Gateway.EnvoyRls.Tests.Rules;

public sealed class RuleReaderTests
{
    [Theory]
    [InlineData("descriptors: []", "0limits.yaml:1: \"domain\" must be a string of 1 to 256 characters")]
    [InlineData("domain: a\ndescriptors:\n  - value: x", "0limits.yaml:3: a descriptor has no \"key\"")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n  - key: k",
        "0limits.yaml:4: the descriptor \"a.k\" occurs twice: remove one")]
    [InlineData("domain: a\nlimits: []",
        "0limits.yaml:2: the file has no member \"limits\"; its members are domain, descriptors")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    rate_limit:\n      unit: fortnight",
        "0limits.yaml:5: \"unit\" must be second, minute, hour, day, week, month or year, not \"fortnight\"")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    rate_limit:\n      requests_per_unit: 1",
        "0limits.yaml:5: \"unit\" must be second, minute, hour, day, week, month or year, not \"\"")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    rate_limit: { unit: day, unlimited: true }",
        "0limits.yaml:4: an unlimited \"rate_limit\" has no \"unit\"")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    rate_limit: { unit: day, requests_per_unit: -1 }",
        "0limits.yaml:4: \"requests_per_unit\" must be a whole number from 0 to 4294967295")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    shadow_mode: perhaps",
        "0limits.yaml:4: \"shadow_mode\" must be true or false")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    share_threshold: true",
        "0limits.yaml:4: \"share_threshold\" needs a value that contains *; all names that match the value share one "
        + "counter")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    rate_limit: { unit: day, name: n, replaces: [{ name: n }] }",
        "0limits.yaml:4: \"replaces\" names its own limit, \"n\"")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    rate_limit: { unit: day, replaces: [ { } ] }",
        "0limits.yaml:4: an entry of \"replaces\" needs a \"name\"")]
    [InlineData("domain: a\ndescriptors:\n  - just text", "0limits.yaml:3: a descriptor must be a mapping")]
    [InlineData("domain: a\ndescriptors: text", "0limits.yaml:2: \"descriptors\" must be a list")]
    [InlineData("domain: a\ndescriptors:\n  - key: k\n    allow_negative_hits: true",
        "0limits.yaml:4: \"allow_negative_hits\" needs a \"rate_limit\" in the same descriptor")]
    [InlineData("domain: a\n---\ndomain: b", "0limits.yaml:3: the file has 2 documents; write one, with its domain")]
    public void Names_what_is_wrong_at_its_line(string text, string problem) =>
        Assert.Equal(problem, RuleText.Problems(text).First());

    [Fact]
    public void Names_everything_that_is_wrong_in_all_files_at_once()
    {
        var problems = RuleText.Problems(
            "domain: a\ndescriptors:\n  - kye: k\n  - key: k\n    rate_limit: { unit: dya }", "domain: a", "domain: [");

        string[] expected =
        [
            "0limits.yaml:3: a descriptor has no member \"kye\"", "0limits.yaml:3: a descriptor has no \"key\"",
            "0limits.yaml:5: \"unit\" must be", "1limits.yaml:1: the domain \"a\" is also in another file",
            "2limits.yaml:2: this is not YAML",
        ];
        Assert.Equal(expected.Length, problems.Length);
        Assert.All(
            expected.Zip(problems),
            static pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void Passes_over_a_member_at_another_place_and_says_so()
    {
        var (rules, notes) = RuleText.Read(
            "domain: a\ndescriptors:\n  - key: k\n    rate_limit: { unit: day, shadow_mode: true }");

        Assert.False(rules!.Find("a", Deciding.Ask.By("k=v"))!.Limit.IsShadow);
        Assert.Equal("0limits.yaml:4: \"shadow_mode\" has no effect in \"rate_limit\" and is ignored",
            Assert.Single(notes.Warnings).ToString());
    }

    [Fact]
    public void Numbers_and_flags_are_text_where_text_is_wanted()
    {
        var rules = RuleText.Rules(
            "domain: 7\ndescriptors:\n  - { key: 1, value: true, rate_limit: { unit: day, name: 3 } }");

        Assert.Equal("3", rules.Find("7", Deciding.Ask.By("1=true"))!.Limit.Shown.Name);
    }

    [Fact]
    public void Anchors_and_aliases_are_what_they_stand_for()
    {
        var rules = RuleText.Rules(
            "domain: a\ndescriptors:\n  - { key: x, rate_limit: &d { unit: day } }\n  - { key: y, rate_limit: *d }");

        Assert.Equal(86_400, rules.Find("a", Deciding.Ask.By("y=v"))!.Limit.Window.Seconds);
    }

    [Fact]
    public void Refuses_depths_and_aliases_without_end()
    {
        var deep = "domain: a\ndescriptors: " + new string('[', 200_000);
        var self = "domain: a\ndescriptors: &d\n  - key: k\n    descriptors: *d";
        var bomb = new StringBuilder("domain: a\ndescriptors:\n  - key: k0\n    descriptors: &a0 [ { key: x } ]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.Append(CultureInfo.InvariantCulture, $"  - key: k{i}\n    descriptors: &a{i}\n");
            for (var j = 0; j < 9; j++)
                bomb.Append(CultureInfo.InvariantCulture, $"      - {{ key: x{j}, descriptors: *a{i - 1} }}\n");
        }

        Assert.Equal("0limits.yaml:2: more than 96 levels", RuleText.Problems(deep).Single());
        Assert.Contains("nested more than 32 levels deep", RuleText.Problems(self).Single(), StringComparison.Ordinal);
        Assert.Contains(
            "more than 100000 descriptors", RuleText.Problems(bomb.ToString()).Single(), StringComparison.Ordinal);
    }
}
