using Gateway.Server.Tests.Callers;
using Gateway.Server.Tests.Connections;

namespace Gateway.Server.Tests.Credentials;

/// <summary>
/// The second delivery of a call whose server refuses a token that the gateway's account obtained from OpenIddict: its
/// own, or one that was exchanged for the caller's.
/// </summary>
public sealed class ResentTokenTests
{
    [NodeTheory]
    [InlineData("")]
    [InlineData(", \"exchange\": \"token_exchange\"")]
    public async Task A_refused_token_is_replaced_and_each_delivery_counts(string exchanged)
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        CallerBench? started = null;
        await using var server = await ExchangeServer.StartAsync(() => started!.Issuer);
        await using var bench = started = await CallerBench.StartAsync(time: time, crm: $$"""
            , "oauth": { "clientId": "{{ExchangeServer.ClientId}}", "clientSecret": "{{ExchangeServer.Secret}}",
                         "issuer": "{{server.Issuer}}/" {{exchanged}} }
            """, policy: """
            { "version": "1", "default": "allow", "tools": {
              "find": { "limits": [ { "counter": "find", "window": "month", "max": 3 } ] } } }
            """);
        var refused = new ConcurrentDictionary<string, byte>();
        bench.Crm.Answer = (http, request) =>
        {
            if (!refused.ContainsKey(request.Headers["Authorization"]))
                return RecordingServer.JsonAsync(
                    http, """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"done"}]}}""");
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Task.CompletedTask;
        };
        var caller = exchanged.Length == 0 ? TestTokens.Agent : await bench.TokenAsync("ana", "agents");
        var call = ConnectionBench.Call("find");

        Assert.Equal(200, await bench.StatusAsync(caller, body: call));
        foreach (var request in bench.Crm.Requests)
            refused[request.Headers["Authorization"]] = 0;
        // A token that was issued a moment ago would not be replaced.
        time.Jump(TimeSpan.FromSeconds(20));
        Assert.Equal(200, await bench.StatusAsync(caller, body: call));

        var sent = bench.Crm.Requests.Where(static one => one.Text.Contains("\"find\"", StringComparison.Ordinal))
            .Select(static one => one.Headers["Authorization"]).ToList();
        Assert.Equal(3, sent.Count);
        Assert.Equal(sent[0], sent[1]);
        Assert.NotEqual(sent[1], sent[2]);
        Assert.Equal(2, server.Requests.Count);
        // The limit of three is used up.
        using var last = await bench.SendAsync(caller, body: call);
        Assert.DoesNotContain("done", await last.Content.ReadAsStringAsync());
        Assert.Equal(3, bench.Crm.Requests.Count(
            static one => one.Text.Contains("\"find\"", StringComparison.Ordinal)));
    }
}
