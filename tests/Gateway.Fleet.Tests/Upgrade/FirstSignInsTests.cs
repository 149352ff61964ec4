namespace Gateway.Fleet.Tests.Upgrade;

// The server that was registered then is at one port, which one test at a time can have.
[Collection("upgrade")]
[Trait("run", "full")]
public sealed class FirstSignInsTests() : BucketUpgradeTests(KeptState.FirstSignIns)
{
    private protected override string[] Grants => ["kept-client-crm", "paused-bot", "support-bot"];

    private protected override string? FirstChange => "create";

    /// <summary>Who could come in then comes in now, by what they hold.</summary>
    private protected override async Task AssertOperatorsAsync(
        UpgradeBench bench, GatewayProcess gateway, KeptState kept, TimeSpan since)
    {
        var ana = Assert.Single((await bench.ReadAsync(gateway, "operators"))["items"]!.AsArray());
        Assert.Equal("ana", (string?)ana!["name"]);
        using var browser = new OperatorBrowser(gateway.Address);
        Assert.Equal(201, (await browser.SignInAsync("ana", kept["password"])).Status);
        // What has a time, of which the database's copy has none left one day.
        if (since > TimeSpan.FromSeconds(30))
            return;

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        using var who = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/api/v1/session"));
        who.Headers.Add("Cookie", kept["cookie"]);
        using var known = await client.SendAsync(who);
        Assert.Contains("\"ana\"", await known.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Contains("done", (await bench.CallAsync(gateway, "access", "send_message", "{}")).Body);
        // On a machine that was started since, what one minute counts is refused until that minute is over.
        await Soon.UntilAsync(async () =>
        {
            using var renewed = await RenewAsync(client, gateway, kept);
            var said = await renewed.Content.ReadAsStringAsync();
            if (renewed.StatusCode != HttpStatusCode.ServiceUnavailable)
                Assert.True(renewed.IsSuccessStatusCode, said);
            return renewed.IsSuccessStatusCode;
        }, "the refresh token is taken");

        var verified = await bench.ReadAsync(gateway, "audit/verify");
        Assert.True((string?)verified["result"] == "sound", verified.ToJsonString());
    }

    private static async Task<HttpResponseMessage> RenewAsync(
        HttpClient client, GatewayProcess gateway, KeptState kept)
    {
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("client_id", kept["client"]),
            KeyValuePair.Create("refresh_token", kept["refresh"]),
        ]);
        return await client.PostAsync(new Uri(gateway.Address, "/token"), form);
    }
}
