using Gateway.EnvoyRls.Serving;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.EnvoyRls.Tests.Serving;

public sealed class CallerTokensTests : IDisposable
{
    private const string First = "Bearer first-token-of-an-envoy";
    private const string Second = "Bearer second-token-of-an-envoy";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_changed_file_applies_and_an_invalid_one_is_reported_once_and_ignored()
    {
        var tokens = CallerTokens.Of(Write("first-token-of-an-envoy"))!;
        Assert.Null(tokens.Refresh());
        Assert.Equal((true, false), (tokens.Knows(First), tokens.Knows(Second)));

        Write("first-token-of-an-envoy\nsecond-token-of-an-envoy");
        Assert.Equal("", tokens.Refresh());
        Assert.Equal((true, true), (tokens.Knows(First), tokens.Knows(Second)));

        Write("short");
        Assert.Contains("16 or more characters", tokens.Refresh());
        Assert.Null(tokens.Refresh());
        File.Delete(Path.Combine(_folder.Path, "tokens"));
        Assert.Contains("cannot read the tokens", tokens.Refresh());
        Assert.Equal((true, true), (tokens.Knows(First), tokens.Knows(Second)));

        Write("second-token-of-an-envoy");
        Assert.Equal("", tokens.Refresh());
        Assert.Equal((false, true), (tokens.Knows(First), tokens.Knows(Second)));
    }

    [Fact]
    public void Denies_a_start_when_the_file_is_wrong() =>
        Assert.Throws<ListenException>(() => CallerTokens.Of(Write("")));

    private RlsSettings Write(string tokens) => new()
    {
        Listen = "http://127.0.0.1:0",
        RulesPath = "unused",
        TokenFile = _folder.File("tokens", tokens),
    };
}
