namespace Gateway.AuditSinks.Tests;

/// <summary>What goes over HTTP, and which answers mean that it was taken.</summary>
public sealed class HttpTransportTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private MessageReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await MessageReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Otlp_has_each_record_with_its_time_severity_and_what_to_route_by()
    {
        Assert.Equal(ShipResult.Taken, await SendAsync(Options(AuditSinkKind.Otlp)));

        var sent = await _receiver.NextAsync();
        Assert.Equal("application/json", sent.Headers["Content-Type"]);
        var logs = JsonDocument.Parse(sent.Body).RootElement.GetProperty("resourceLogs")[0];
        Assert.Equal(
            ["mcp-gateway", "0a0b"],
            logs.GetProperty("resource").GetProperty("attributes").EnumerateArray()
                .Where(static one => one.GetProperty("key").GetString() is "service.name" or "service.instance.id")
                .Select(Value));
        var records = logs.GetProperty("scopeLogs")[0].GetProperty("logRecords");
        Assert.Equal(
            [("1795168800250000000", 9, "INFO"), ("1795168801000000000", 13, "WARN")],
            records.EnumerateArray().Select(static one => (
                one.GetProperty("timeUnixNano").GetString()!, one.GetProperty("severityNumber").GetInt32(),
                one.GetProperty("severityText").GetString()!)));
        Assert.Equal(TestRecords.Refused, records[1].GetProperty("body").GetProperty("stringValue").GetString());
        var attributes = records[1].GetProperty("attributes").EnumerateArray()
            .ToDictionary(static one => one.GetProperty("key").GetString()!, Value);
        Assert.Equal(
            ("0a0b/3-" + (Encoding.UTF8.GetByteCount(TestRecords.Allowed) + 1), "rate_limited", "send", "bot"),
            (attributes["log.record.uid"], attributes["gateway.outcome"], attributes["gen_ai.tool.name"],
                attributes["gateway.grant"]));
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("", 0)]
    [InlineData("[1]", 0)]
    [InlineData("{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"no\"}}", 2)]
    [InlineData("{\"partialSuccess\":{\"rejectedLogRecords\":1}}", 1)]
    public async Task A_collector_may_say_that_it_will_never_take_some_of_a_batch(string answer, int rejected)
    {
        _receiver.Answer = http => http.Response.WriteAsync(answer);

        Assert.Equal(new ShipResult(null, rejected), await SendAsync(Options(AuditSinkKind.Otlp)));
    }

    [Fact]
    public async Task Ocsf_events_stand_a_line_each()
    {
        Assert.Equal(ShipResult.Taken, await SendAsync(Options(AuditSinkKind.Webhook) with { IsOcsf = true }));

        var lines = (await _receiver.NextAsync()).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, static line => Assert.Equal(
            6003, JsonDocument.Parse(line).RootElement.GetProperty("class_uid").GetInt32()));
    }

    [Fact]
    public async Task A_token_is_sent_in_the_configured_header_and_read_again()
    {
        var token = Path.Combine(_folder.Path, "token");
        var options = Options(AuditSinkKind.Webhook) with { TokenFile = token, TokenHeader = "X-Api-Key" };
        await File.WriteAllTextAsync(token, "first\n");
        await SendAsync(options);
        await File.WriteAllTextAsync(token, "second\n");
        await SendAsync(options);

        Assert.Equal("first", (await _receiver.NextAsync()).Headers["X-Api-Key"]);
        var last = await _receiver.NextAsync();
        Assert.Equal("second", last.Headers["X-Api-Key"]);
        Assert.DoesNotContain("Authorization", last.Headers.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\nb")]
    public async Task What_is_no_token_is_said_without_it(string written)
    {
        var token = Path.Combine(_folder.Path, "token");
        await File.WriteAllTextAsync(token, written);

        var result = await SendAsync(Options(AuditSinkKind.Webhook) with { TokenFile = token });

        Assert.Equal($"{token} must contain one token: a line of visible ASCII without spaces", result.Problem);
        Assert.Equal(0, _receiver.Count);
    }

    [Fact]
    public async Task Nobody_there_is_a_reason()
    {
        var url = $"http://127.0.0.1:{Ports.Free()}/";

        var result = await SendAsync(new AuditSinkOptions("a", AuditSinkKind.Webhook, url, false));

        Assert.Contains("refused", result.Problem, StringComparison.OrdinalIgnoreCase);
    }

    private AuditSinkOptions Options(AuditSinkKind kind) => new("a", kind, $"{_receiver.Url}/in", false);

    private static async Task<ShipResult> SendAsync(AuditSinkOptions options)
    {
        await using var transport = new HttpTransport(options, SinkSocket.ConnectAsync);
        return await transport.SendAsync(
            TestRecords.Of(TestRecords.Allowed, TestRecords.Refused), CancellationToken.None);
    }

    private static string Value(JsonElement attribute) =>
        attribute.GetProperty("value").GetProperty("stringValue").GetString()!;
}
