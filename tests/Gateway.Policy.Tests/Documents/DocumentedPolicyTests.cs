using Gateway.Policy.Tools.Testing;

namespace Gateway.Policy.Tests.Documents;

/// <summary>What a newcomer copies from the documents is taken without a word.</summary>
public sealed partial class DocumentedPolicyTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/tutorials/first-refusal.md")]
    [InlineData("docs/tutorials/approvals.md")]
    [InlineData("docs/how-to/policy.md")]
    public void Takes_the_policy_that_a_document_shows(string document)
    {
        var policies = Block().Matches(File.ReadAllText(SourceTree.PathOf(document.Split('/'))))
            .Select(match => match.Groups[1].Value)
            .Where(json => json.Contains("\"version\"", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(policies);
        Assert.All(policies, json => Assert.Empty(Policies.Load(json).Problems));
    }

    [Fact]
    public void The_tests_of_a_policy_that_the_page_shows_pass()
    {
        var page = File.ReadAllText(SourceTree.PathOf("docs", "how-to", "policy.md"));
        var policies = Block().Matches(page).Select(match => match.Groups[1].Value).Where(json =>
            json.Contains("\"version\"", StringComparison.Ordinal)
            && json.Contains("\"tests\"", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(policies);
        Assert.All(policies, json => Assert.Empty(CallTests.Run(
            Policies.Load(json).Policy!, Encoding.UTF8.GetBytes(json), "policy.md").Failures));
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
