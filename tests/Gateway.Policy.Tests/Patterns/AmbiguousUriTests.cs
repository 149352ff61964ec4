using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Patterns;

public class AmbiguousUriTests
{
    private readonly PolicyBinding _allowList = Bind(Document("""
        "resources": { "allow": [
          "file:///public/*", "notes://public/*", "memo:public/*", "repo://group%2Fproject/*", "file:///docs/*.md",
          "file:///my%20files/*", "http://files/get?path=*" ] }
        """));

    private readonly PolicyBinding _denyList = Bind("""
        {"version":"1","default":"allow",
         "resources": { "deny": ["file:///secret/*", "http://files/secret*", "*.key", "file:///etc/passwd",
           "memo:secret/*", "notes://secret"] } }
        """);

    [Theory]
    [InlineData("file:///public/a//../../secret/a")]
    [InlineData("file:///public//../secret/a")]
    [InlineData("file:///public/x?/../../secret/a")]
    [InlineData("file:///public/x#/../../secret/a")]
    [InlineData("notes://public/../secret/a")]
    [InlineData("notes://public/%2e%2e/secret")]
    [InlineData("memo:public/../secret/a")]
    [InlineData("memo:public/./a")]
    [InlineData("file:///public/..")]
    [InlineData("file:///public/%252e%252E/secret")]
    [InlineData("file:///public/.%2e/secret")]
    [InlineData("file:///public/..;a=b/secret")]
    [InlineData("file:///public/x?path=../secret")]
    [InlineData("file:///public/x?path=%2E%2E/secret")]
    [InlineData("file:///public/..%2Fsecret")]
    [InlineData("file:///public/a%2Fb")]
    [InlineData("file:///public/a%5Cb")]
    [InlineData("file:///public/a%252fb")]
    [InlineData("file:///public/a%%32fb")]
    [InlineData("file:///public/a\\b")]
    [InlineData("file:///public/..\\..\\secret")]
    [InlineData("file:///public/.. /secret")]
    [InlineData("file:///public/.\t./secret")]
    [InlineData("file:///public/a%00.txt")]
    [InlineData("file:///public/a\n")]
    [InlineData("file:///public/a%0a")]
    [InlineData("file:///public/a%7F")]
    [InlineData("file:///public/a\u200bb")]
    [InlineData("file:///public/.%E2%80%8B./secret")]
    [InlineData("file:///public/\u202ea")]
    [InlineData("file:///public/\ufe0fa")]
    [InlineData("file:///public/\uff0e\uff0e/secret")]
    [InlineData("file:///public/\u2025/secret")]
    [InlineData("file:///public/..\uff0fsecret")]
    [InlineData("file:///public/%c0%ae%c0%ae/secret")]
    [InlineData("repo://group%2Fproject/a%2Fb")]
    [InlineData("repo://group%252Fproject/a")]
    [InlineData("repo://group%2Fproject/../a")]
    [InlineData("http://files/get?path=/a/../b")]
    public void Matches_no_allow_pattern_where_two_readers_take_it_for_two_resources(string uri)
    {
        var decision = About(_allowList, PolicySubject.Resource, uri);
        Assert.Equal((DecisionOutcome.Deny, "(ambiguous URI)"), (decision.Outcome, decision.Rule));
        Assert.False(PolicyEngine.IsListed(_allowList, ListKind.Resources, uri));
    }

    [Theory]
    [InlineData("file:///public/a..b", "/resources/allow/0")]
    [InlineData("file:///public/..b", "/resources/allow/0")]
    [InlineData("file:///public/a..", "/resources/allow/0")]
    [InlineData("file:///public/.../a", "/resources/allow/0")]
    [InlineData("file:///public/.hidden", "/resources/allow/0")]
    [InlineData("file:///public/a?path=%2Fsrv", "/resources/allow/0")]
    [InlineData("file:///public/a?path=/srv#part", "/resources/allow/0")]
    [InlineData("file:///public/a%20b%C3%A9%3F%25", "/resources/allow/0")]
    [InlineData("file:///public/caf%E9", "/resources/allow/0")]
    [InlineData("file:///public//a", "/resources/allow/0")]
    [InlineData("file:///public/{name}", "/resources/allow/0")]
    [InlineData("notes://public/a:b", "/resources/allow/1")]
    [InlineData("memo:public/1.2.3", "/resources/allow/2")]
    [InlineData("repo://group%2Fproject/issues/1", "/resources/allow/3")]
    [InlineData("file:///docs/a.md", "/resources/allow/4")]
    [InlineData("file:///docs/a.md?v=1.md", "/resources/allow/4")]
    [InlineData("file:///my%20files/a", "/resources/allow/5")]
    [InlineData("http://files/get?path=%2Fsrv", "/resources/allow/6")]
    public void Allows_what_has_one_meaning(string uri, string rule)
    {
        var decision = About(_allowList, PolicySubject.Resource, uri);
        Assert.Equal((DecisionOutcome.Allow, rule), (decision.Outcome, decision.Rule));
        Assert.True(PolicyEngine.IsListed(_allowList, ListKind.Resources, uri));
    }

    [Theory]
    [InlineData("file:///docs/secret.key?.md")]
    [InlineData("file:///docs/secret.key#.md")]
    [InlineData("repo://group%2Fprojects/a")]
    [InlineData("repo://group/project/a")]
    public void An_allow_pattern_has_to_match_what_is_left_without_the_query_too(string uri) =>
        Assert.Equal(DecisionOutcome.Deny, About(_allowList, PolicySubject.Resource, uri).Outcome);

    [Theory]
    [InlineData("file:///public/../secret/a", "(ambiguous URI)")]
    [InlineData("file:///a\\b", "(ambiguous URI)")]
    [InlineData("other:a/../b", "(ambiguous URI)")]
    [InlineData("other:a%2Fb", "(ambiguous URI)")]
    [InlineData("file:///secret/../x", "/resources/deny/0")]
    [InlineData("file:///%73ecret/a", "/resources/deny/0")]
    [InlineData("file:///%2573ecret/a", "/resources/deny/0")]
    [InlineData("file:///secret//a", "/resources/deny/0")]
    [InlineData("file:////secret/a", "/resources/deny/0")]
    [InlineData("file:/secret/a", "/resources/deny/0")]
    [InlineData("file:secret/a", "/resources/deny/0")]
    [InlineData("file://localhost/secret/a", "/resources/deny/0")]
    [InlineData("FILE:///secret/a", "/resources/deny/0")]
    [InlineData("file://secret/a", "/resources/deny/0")]
    [InlineData("file://host/secret/a", "/resources/deny/0")]
    [InlineData("http://FILES/secret", "/resources/deny/1")]
    [InlineData("http://files:80/secret", "/resources/deny/1")]
    [InlineData("http://files./secret", "/resources/deny/1")]
    [InlineData("http://user@files/secret", "/resources/deny/1")]
    [InlineData("http:/files/secret", "/resources/deny/1")]
    [InlineData("http:////files/secret", "/resources/deny/1")]
    [InlineData("http://f\uff49les/secret", "(ambiguous URI)")]
    [InlineData("file:///a.key?x", "/resources/deny/2")]
    [InlineData("file:///a.key#x", "/resources/deny/2")]
    [InlineData("file:///a.key/", "/resources/deny/2")]
    [InlineData("file:///a.key;v=1", "/resources/deny/2")]
    [InlineData("file:///secret;v=1/a", "/resources/deny/0")]
    [InlineData("file:///secret\uff0fa", "(ambiguous URI)")]
    [InlineData("memo:/\uff0fsecret", "(ambiguous URI)")]
    [InlineData("memo:%EF%BC%85%32%65/secret", "(ambiguous URI)")]
    [InlineData("memo://%73ecret///x", "/resources/deny/4")]
    [InlineData("memo:/secret/x", "/resources/deny/4")]
    [InlineData("notes:secret", "/resources/deny/5")]
    [InlineData("notes://secret%20", "/resources/deny/5")]
    [InlineData("file:///etc/passwd", "/resources/deny/3")]
    [InlineData("file:///etc/passwd?", "/resources/deny/3")]
    public void Is_denied_wherever_anything_is_denied_even_where_the_rest_is_allowed(string uri, string rule)
    {
        var decision = About(_denyList, PolicySubject.Resource, uri);
        Assert.Equal((DecisionOutcome.Deny, rule), (decision.Outcome, decision.Rule));
        Assert.False(PolicyEngine.IsListed(_denyList, ListKind.Resources, uri));
    }

    [Theory]
    [InlineData("file:///public/a..b?path=%2Fsrv")]
    [InlineData("file:///secrets")]
    [InlineData("http://files/keys?a.key=1")]
    [InlineData("other:a%20b")]
    public void Allows_the_rest(string uri) =>
        Assert.Equal("(default allow)", About(_denyList, PolicySubject.Resource, uri).Rule);

    [Theory]
    [InlineData("*", "http://host:81/a?b#c")]
    [InlineData("http:*", "http://host/a")]
    [InlineData("http://*", "http://host")]
    [InlineData("HTTP://*", "HTTP://host/a")]
    [InlineData("http://host*", "http://host.example/a")]
    [InlineData("http://[::1]:8080/*", "http://[::1]:8080/a")]
    [InlineData("file:*", "file:///a//b")]
    [InlineData("notes://*", "notes://Some%20Body/a")]
    [InlineData("urn:isbn:*", "urn:isbn:0451450523")]
    [InlineData("*.md", "file:///a/b.md")]
    [InlineData("data:*", "data:text/plain;base64,SGk=")]
    [InlineData("file:///a?b", "file:///a?b")]
    [InlineData("file:///%2A", "file:///%2A")]
    public void A_pattern_allows_what_it_spells(string pattern, string uri)
    {
        var binding = Bind(Document($$"""  "resources": { "allow": ["{{pattern}}"] }  """));
        Assert.Equal("/resources/allow/0", About(binding, PolicySubject.Resource, uri).Rule);
    }

    [Fact]
    public void Where_everything_is_allowed_no_spelling_matters()
    {
        var binding = Bind("""{"version":"1","default":"allow","resources":{"allow":["file:///a/*"]}}""");
        Assert.Equal("(default allow)", About(binding, PolicySubject.Resource, "file:///a/../b").Rule);
    }

    [Fact]
    public void In_shadow_mode_it_is_only_recorded()
    {
        var binding = Bind(Document("\"mode\":\"shadow\",\"resources\":{\"allow\":[\"file:///a/*\"]}"));
        var decision = About(binding, PolicySubject.Resource, "file:///a/../b");
        Assert.Equal((DecisionOutcome.Allow, "(ambiguous URI)"), (decision.Outcome, decision.Shadow?.Rule));
    }

    [Theory]
    [InlineData("file:///public/{path}/a..b", true)]
    [InlineData("file:///public/../{path}", false)]
    [InlineData("memo:public/{x}/./a", false)]
    [InlineData("notes://public/%2e%2e/{x}", false)]
    [InlineData("file:///public/{x}\\a", false)]
    public void A_template_is_evaluated_by_its_spelling(string template, bool isListed) =>
        Assert.Equal(isListed, PolicyEngine.IsListed(_allowList, ListKind.ResourceTemplates, template));

    [Fact]
    public void Loading_warns_of_an_allow_pattern_that_nothing_can_match()
    {
        var loaded = Load(Document("""
            "resources": { "allow": ["file:///a/*", "file:///a/../b/*"], "deny": ["file:///c/../d/*"] }
            """));
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal((ProblemSeverity.Warning, "/resources/allow/1"), (problem.Severity, problem.Pointer));
    }
}
