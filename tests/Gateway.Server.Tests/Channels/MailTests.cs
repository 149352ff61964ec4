using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Channels;

/// <summary>People are told by mail that a call waits for them.</summary>
public sealed class MailTests : IAsyncLifetime
{
    private MailReceiver _mails = null!;
    private ApprovalBench _bench = null!;

    public async Task InitializeAsync()
    {
        _mails = MailReceiver.Start();
        _bench = await ApprovalBench.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        _mails.Dispose();
    }

    [Fact]
    public async Task Goes_to_everybody_without_arguments_and_with_a_link()
    {
        await AddAsync("from=gateway%40example.com&to=ana%40example.com&to=bob%40example.com&tls=off");
        var id = await _bench.AskAsync("""{"amount":987654}""");

        var mail = await _mails.NextAsync();

        Assert.Contains("MAIL FROM:<gateway@example.com>", mail.Envelope);
        Assert.Contains("RCPT TO:<ana@example.com>", mail.Envelope);
        Assert.Contains("RCPT TO:<bob@example.com>", mail.Envelope);
        Assert.Contains("Auto-Submitted: auto-generated", mail.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Tool: refund\r\n", mail.Body, StringComparison.Ordinal);
        Assert.Contains($"gateway approvals show {id}", mail.Body, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:7000/approvals/links/", mail.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("987654", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_sent_where_the_server_does_not_encrypt()
    {
        await AddAsync("from=gateway%40example.com&to=ana%40example.com");

        var (_, test) = await _bench.SendAsync("POST", "channels/mail/test");

        Assert.False((bool)test!["delivered"]!);
        Assert.Contains("secure connections", (string?)test["problem"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtp://mail.example.com/?to=a%40example.com", "must be smtp://")]
    [InlineData("smtp://mail.example.com/?from=a%40example.com", "must be smtp://")]
    [InlineData("smtp://mail.example.com/?from=nobody&to=a%40example.com", "must be smtp://")]
    [InlineData("smtp://mail.example.com/?from=a%40b.c&to=a%40b.c%0d%0aBcc:x%40y.z", "must be smtp://")]
    [InlineData("https://mail.example.com/?from=a%40b.c&to=a%40b.c", "must be smtp://")]
    [InlineData("smtp://mail.example.com/?from=a%40b.c&to=a%40b.c&tls=off", "--allow-private")]
    public async Task Is_refused_where_the_address_is_none(string url, string said)
    {
        var (status, problem) = await _bench.SendAsync(
            "POST", "channels", new JsonObject { ["name"] = "mail", ["kind"] = "email", ["url"] = url });

        Assert.Equal(422, status);
        Assert.Contains(said, (string?)problem!["detail"], StringComparison.Ordinal);
    }

    private async Task AddAsync(string query)
    {
        var (status, _) = await _bench.SendAsync("POST", "channels", new JsonObject
        {
            ["name"] = "mail",
            ["kind"] = "email",
            ["url"] = $"smtp://127.0.0.1:{_mails.Port}/?{query}",
            ["allowPrivate"] = true,
            ["linkBase"] = "http://127.0.0.1:7000/",
        });
        Assert.Equal(201, status);
    }
}
