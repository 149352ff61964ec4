using Gateway.Control.Contracts;

namespace Gateway.Control.Tests.Contracts;

public sealed class LabelsTests
{
    private static readonly Dictionary<string, string> Bot = new()
    {
        ["team"] = "support",
        ["env"] = "prod",
        ["example.com/cost-center"] = "4711",
        ["beta"] = "",
    };

    public static TheoryData<string> ValidKeys =>
        ["a", "A.b_c-9", new('k', 63), $"{new string('d', 253)}/a", "a.b-c.example/name"];

    public static TheoryData<string> InvalidKeys =>
    [
        "", "-a", "a-", "a b", "a=b", "ä", "a\n", new('k', 64), "/a", "a/", "a/b/c", "UPPER.example/a", "a..b/c",
        "-a.b/c", $"{new string('d', 254)}/a",
    ];

    public static TheoryData<string?> InvalidValues => [null, "-", "a-", ".a", "a b", "a/b", "a\n", new('v', 64)];

    [Theory]
    [MemberData(nameof(ValidKeys))]
    public void A_key_within_the_bounds_of_Kubernetes_is_accepted(string key) =>
        Assert.Empty(Labels.Problems(new() { [key] = "" }));

    [Theory]
    [MemberData(nameof(InvalidKeys))]
    public void A_key_outside_these_bounds_is_refused_with_its_place(string key)
    {
        var (pointer, message) = Assert.Single(Labels.Problems(new() { [key] = "x" }));

        Assert.Equal("/" + key.Replace("/", "~1", StringComparison.Ordinal), pointer);
        Assert.Contains("is not a valid key of a label; write at most 63 letters", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(InvalidValues))]
    public void A_value_outside_these_bounds_is_refused_with_its_place(string? value)
    {
        var (pointer, message) = Assert.Single(Labels.Problems(new() { ["a"] = value! }));

        Assert.Equal("/a", pointer);
        Assert.Contains("is not a valid value of a label; write at most 63", message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_more_label_than_the_bound_is_refused()
    {
        var labels = Enumerable.Range(0, Labels.CountMax).ToDictionary(static i => $"k{i}", static _ => "");
        Assert.Empty(Labels.Problems(labels));
        labels["more"] = "";

        Assert.Equal([("", "there are 65 labels; at most 64 are allowed")], Labels.Problems(labels));
    }

    [Theory]
    [InlineData("team=support", true)]
    [InlineData("team==support", true)]
    [InlineData("team = support , env = prod", true)]
    [InlineData("team=sales", false)]
    [InlineData("team=support,env=test", false)]
    [InlineData("team=Support", false)]
    [InlineData("team!=sales", true)]
    [InlineData("team!=support", false)]
    [InlineData("region!=eu", true)]
    [InlineData("region=", false)]
    [InlineData("beta=", true)]
    [InlineData("beta", true)]
    [InlineData("region", false)]
    [InlineData("!region", true)]
    [InlineData("! beta", false)]
    [InlineData("env in (prod,test)", true)]
    [InlineData("env in(test, prod )", true)]
    [InlineData("env in (test)", false)]
    [InlineData("env in ()", false)]
    [InlineData("beta in ()", true)]
    [InlineData("beta in (x,)", true)]
    [InlineData("env notin (test,dev)", true)]
    [InlineData("env notin (test,prod)", false)]
    [InlineData("region notin (eu)", true)]
    [InlineData("region in (eu)", false)]
    [InlineData("in", false)]
    [InlineData("in notin (in)", true)]
    [InlineData("example.com/cost-center=4711,env in (prod),!region,team", true)]
    public void A_selector_means_what_it_means_in_Kubernetes(string text, bool isMet)
    {
        var selector = LabelSelector.Read(text, out var problem);

        Assert.Null(problem);
        Assert.Equal(isMet, selector!.IsMetBy(Bot));
    }

    [Theory]
    [InlineData("a=b", false)]
    [InlineData("a!=b,!c,d notin (e)", true)]
    public void An_object_without_labels_meets_what_absent_keys_meet(string text, bool isMet) =>
        Assert.Equal(isMet, LabelSelector.Read(text, out _)!.IsMetBy(null));

    [Theory]
    [InlineData("", "at character 1: a key is missing; write key, !key, key=value, key!=value, key in (a,b) or")]
    [InlineData("  ", "at character 3: a key is missing")]
    [InlineData("a=b,", "at character 5: a key is missing")]
    [InlineData("a=b, ,c", "at character 6: a key is missing")]
    [InlineData("a b", "at character 3: \"b\" is not an operator; write key, !key, key=value")]
    [InlineData("a > 5", "at character 3: \">\" is not an operator")]
    [InlineData("a!b", "at character 2: an operator is missing")]
    [InlineData("a=b c", "at character 5: \",\" is missing before \"c\"")]
    [InlineData("a===b", "at character 4: \",\" is missing before \"=b\"")]
    [InlineData("!a=b", "at character 3: \",\" is missing before \"=b\"")]
    [InlineData("a=b/c", "at character 3: \"b/c\" is not a valid value of a label; write at most 63")]
    [InlineData("a in (b,c d)", "at character 11: \")\" is missing")]
    [InlineData("a in (b", "at character 8: \")\" is missing")]
    [InlineData("a in b", "at character 6: \"(\" is missing")]
    [InlineData("a notin (_)", "at character 10: \"_\" is not a valid value")]
    [InlineData("a-=b", "at character 1: \"a-\" is not a valid key of a label; write at most 63")]
    [InlineData("a=b)", "at character 4: \",\" is missing before \")\"")]
    public void What_is_not_a_selector_is_refused_with_its_place_and_a_way_out(string text, string said)
    {
        var selector = LabelSelector.Read(text, out var problem);

        Assert.Null(selector);
        Assert.StartsWith(said, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void One_more_requirement_than_the_bound_is_refused()
    {
        var most = string.Join(',', Enumerable.Repeat("a", Labels.CountMax));

        Assert.NotNull(LabelSelector.Read(most, out _));
        Assert.Null(LabelSelector.Read(most + ",a", out var problem));
        Assert.EndsWith("there are more than 64 requirements", problem, StringComparison.Ordinal);
    }
}
