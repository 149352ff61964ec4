namespace Gateway.Server.Tests.Processes;

/// <summary>The volume of the audit log is full: what agents, operators and the record see, and how it ends.</summary>
public sealed class FullVolumeTests() : OneServerTest("""{ "version": "1", "default": "allow" }""")
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";
    private string Audit => Path.Combine(Data, "audit");

    [VolumeFact]
    public async Task Is_ready_again_once_there_is_room_though_nobody_calls()
    {
        using var volume = SmallVolume.Mount(Audit, 1 << 20);
        await using var gateway = await GatewayProcess.StartAsync(Config, Data);
        using var client = gateway.Client();
        await CallAsync(client);
        volume.Fill();
        await RefuseAsync(client);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadinessAsync(client));
        Assert.DoesNotContain("   at ", gateway.Errors, StringComparison.Ordinal);

        volume.MakeRoom();
        await Soon.UntilAsync(async () => await ReadinessAsync(client) == HttpStatusCode.OK, "it is ready again");
    }

    [VolumeFact]
    public async Task Is_not_ready_on_a_full_volume_though_nobody_calls()
    {
        using var volume = SmallVolume.Mount(Audit, 1 << 20);
        await using var gateway = await GatewayProcess.StartAsync(Config, Data);
        using var client = gateway.Client();
        Assert.Equal(HttpStatusCode.OK, await ReadinessAsync(client));

        volume.Fill();

        await Soon.UntilAsync(
            async () => await ReadinessAsync(client) == HttpStatusCode.ServiceUnavailable, "it is not ready");
    }

    [VolumeFact]
    public async Task Puts_on_record_how_many_calls_were_denied_while_nothing_could_be_recorded()
    {
        const int Denied = 7;
        using var volume = SmallVolume.Mount(Audit, 1 << 20);
        await using var gateway = await GatewayProcess.StartAsync(Config, Data);
        using var client = gateway.Client();
        await CallAsync(client);
        volume.Fill();
        var inTheLastPage = 0;
        for (var denied = 0; denied < Denied;)
        {
            if (await IsRefusedAsync(client))
                denied++;
            else
                inTheLastPage++;
        }

        volume.MakeRoom();
        await Soon.UntilAsync(async () => await ReadinessAsync(client) == HttpStatusCode.OK, "it is ready again");
        await CallAsync(client);

        var records = AuditTrail.Read(Audit);
        var gap = Assert.Single(records, record => record.GetProperty("kind").GetString() == "gap");
        Assert.Equal(Denied, gap.GetProperty("decisions").GetInt32());
        Assert.Contains("space", gap.GetProperty("cause").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.True(gap.GetProperty("since").GetDateTime() <= gap.GetProperty("time").GetDateTime());
        Assert.Equal(2 + inTheLastPage, Server.Requests.Count);
        Assert.Equal(2 + inTheLastPage, records.Count(
            record => record.GetProperty("kind").GetString() == "decision"));
    }

    private static async Task<HttpStatusCode> ReadinessAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/readyz");
        return answer.StatusCode;
    }

    private static async Task CallAsync(HttpClient client) =>
        Assert.False(await IsRefusedAsync(client));

    /// <summary>Calls until the last page of the file is full too.</summary>
    private static Task RefuseAsync(HttpClient client) =>
        Soon.UntilAsync(() => IsRefusedAsync(client), "a call is refused");

    private static async Task<bool> IsRefusedAsync(HttpClient client)
    {
        using var content = new StringContent(Call, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync("", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("result").TryGetProperty("isError", out var isError)
            && isError.GetBoolean();
    }
}
