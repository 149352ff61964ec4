namespace Gateway.Server.Tests.Several;

/// <summary>Calls at <c>/mcp</c> of a name that no server has listed, while a server's list request fails.</summary>
public sealed class SeveralFailuresTests
{
    // Records of the inner list requests of one call: one a server, and one for the call itself, with room to spare.
    private const int RecordsMax = 60;
    private const string Unlisted = "crm__no_such_tool";

    [Fact]
    public async Task Call_without_a_session_ends_when_a_program_rejects_its_list_request()
    {
        using var gateway = new SeveralGateway { OneMore = "\"more\": { \"command\": \"/bin/cat\" }" };
        await RunAsync(gateway, async () =>
        {
            var answer = await gateway.CallAsync(Unlisted).WaitAsync(Soon.AtMost);
            Assert.Contains("the server more", answer.GetRawText(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Call_ends_while_a_server_is_paused_and_works_after_resume()
    {
        using var gateway = new SeveralGateway();
        await RunAsync(gateway, async () =>
        {
            await gateway.AdminAsync("POST", "servers/erp/pause", "{}");
            var answer = await gateway.CallAsync("erp__find").WaitAsync(Soon.AtMost);
            Assert.Contains("the server erp is paused", answer.GetRawText(), StringComparison.Ordinal);
            var record = Assert.Single(gateway.Records(), static one =>
                one.TryGetProperty("rule", out var rule) && rule.ValueEquals("(paused)"));
            Assert.Equal(
                ("erp", "erp__find", "The server erp is paused"),
                (record.GetProperty("server").GetString(), record.GetProperty("tool").GetString(),
                    record.GetProperty("reason").GetString()));
            await gateway.AdminAsync("POST", "servers/erp/resume", "{}");
            var next = await gateway.CallAsync("erp__find").WaitAsync(Soon.AtMost);
            Assert.Contains("erp did", next.GetRawText(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Call_ends_when_a_server_hung_in_an_earlier_call()
    {
        using var gateway = new SeveralGateway { Wait = TimeSpan.FromSeconds(2) };
        await RunAsync(gateway, async () =>
        {
            gateway.Slow.IsHung = true;
            for (var call = 0; call < 3; call++)
            {
                var answer = await gateway.CallAsync(Unlisted).WaitAsync(Soon.AtMost);
                Assert.Contains("the server slow", answer.GetRawText(), StringComparison.Ordinal);
            }

            gateway.Slow.IsHung = false;
        });
    }

    private static async Task RunAsync(SeveralGateway gateway, Func<Task> test)
    {
        await gateway.InitializeAsync();
        try
        {
            await test();
            // Each repetition of a list request would write further records.
            Assert.InRange(gateway.Records().Count, 1, RecordsMax);
        }
        finally
        {
            await gateway.DisposeAsync();
        }
    }
}
