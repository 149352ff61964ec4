using Gateway.Proxy.RetryTokens;

namespace Gateway.Proxy.Tests.RetryTokens;

public class RetryTokenDocumentTests
{
    [Fact]
    public void Keeps_the_round_of_each_retry_token_and_drops_expired_ones()
    {
        var written = RetryTokenDocument.Of("g", [new StoredRetryToken(10, 2), new StoredRetryToken(30, 0),
            new StoredRetryToken(20, 1)]);
        var json = JsonSerializer.Serialize(written, RetryTokenJsonContext.Default.RetryTokenDocument);

        Assert.Equal("""{"grant":"g","expires":[10,30,20],"rounds":[2,0,1]}""", json);
        Assert.Equal([new StoredRetryToken(30, 0), new StoredRetryToken(20, 1)], Read(json).Valid(nowMs: 10));
    }

    [Theory]
    [InlineData("""{"grant":"g","expires":[10,20]}""")]
    [InlineData("""{"grant":"g","expires":[10,20],"rounds":null}""")]
    [InlineData("""{"grant":"g","expires":[10,20],"rounds":[0]}""")]
    [InlineData("""{"grant":"g","expires":[10,20],"rounds":[0,0,0]}""")]
    public void A_retry_token_without_a_round_is_exhausted(string json)
    {
        var tokens = Read(json).Valid(nowMs: 0).ToList();
        Assert.Equal(2, tokens.Count);
        Assert.All(tokens, static token => Assert.Equal(StoredRetryToken.Exhausted, token.Round));
    }

    private static RetryTokenDocument Read(string json) =>
        JsonSerializer.Deserialize(json, RetryTokenJsonContext.Default.RetryTokenDocument)!;
}
