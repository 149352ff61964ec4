namespace Gateway.Channels.Tests;

public class WebhookSignatureTests
{
    /// <summary>The example that the libraries of Standard Webhooks are tested with.</summary>
    [Fact]
    public void Is_that_of_the_published_example() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(
            ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            """{"test": 2432232314}"""u8));

    [Fact]
    public void Signs_with_each_secret_while_one_is_replaced()
    {
        string[] secrets = [ChannelStore.NewSecret(), ChannelStore.NewSecret()];

        var signatures = WebhookSignature.Of(secrets, "id", 1, "{}"u8).Split(' ');

        Assert.Equal(
            secrets.Select(static secret => WebhookSignature.Of([secret], "id", 1, "{}"u8)), signatures);
        Assert.NotEqual(signatures[0], signatures[1]);
    }
}
