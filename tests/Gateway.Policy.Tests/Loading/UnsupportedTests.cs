using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Loading;

public class UnsupportedTests
{
    [Theory]
    [InlineData("\"mode\":\"shadow\"", "/mode", "shadow")]
    [InlineData("\"tools\":{\"a\":{\"mode\":\"shadow\"}}", "/tools/a/mode", "shadow")]
    [InlineData("\"tools\":{\"a\":{\"action\":\"approve\"}}", "/tools/a/action", "approve")]
    [InlineData("\"tools\":{\"a\":{\"action\":\"require_approval\"}}", "/tools/a/action", "require_approval")]
    [InlineData("\"tools\":{\"a\":{\"approval\":{}}}", "/tools/a/approval", "approval")]
    [InlineData("\"tools\":{\"a\":{\"require\":[]}}", "/tools/a/require", "require")]
    [InlineData("\"tools\":{\"a\":{\"deny_if\":[]}}", "/tools/a/deny_if", "deny_if")]
    [InlineData("\"tools\":{\"a\":{\"arguments\":{}}}", "/tools/a/arguments", "arguments")]
    [InlineData("\"all_tools\":{\"require\":[]}", "/all_tools/require", "require")]
    [InlineData("\"all_tools\":{\"deny_if\":[]}", "/all_tools/deny_if", "deny_if")]
    [InlineData("\"all_tools\":{\"results\":{}}", "/all_tools/results", "results")]
    [InlineData("\"prompts\":{\"results\":{}}", "/prompts/results", "results")]
    [InlineData("\"all_tools\":{\"limits\":[{\"kind\":\"sliding\"}]}", "/all_tools/limits/0/kind", "sliding")]
    [InlineData("\"all_tools\":{\"limits\":[{\"kind\":\"bucket\"}]}", "/all_tools/limits/0/kind", "bucket")]
    [InlineData("\"all_tools\":{\"limits\":[{\"increment_from\":\"args.a\"}]}", "/all_tools/limits/0/increment_from",
        "increment_from")]
    [InlineData("\"all_tools\":{\"limits\":[{\"refund_on_error\":true}]}", "/all_tools/limits/0/refund_on_error",
        "refund_on_error")]
    [InlineData("\"all_tools\":{\"limits\":[{\"by\":\"args.a\"}]}", "/all_tools/limits/0/by", "by")]
    public void What_a_release_does_not_have_is_refused_never_ignored(string members, string pointer, string written)
    {
        var loaded = Load(Document(members), PolicyFeature.None);
        Assert.Null(loaded.Policy);
        Assert.Contains(loaded.Problems,
            p => p.Pointer == pointer && p.Message == $"\"{written}\" is not supported by this release");
    }
}
