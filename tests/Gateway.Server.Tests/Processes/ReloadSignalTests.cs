namespace Gateway.Server.Tests.Processes;

/// <summary>SIGHUP: the configuration is read again, and the process goes on.</summary>
public sealed class ReloadSignalTests
{
    [UnixFact]
    public async Task Reads_the_configuration_again_and_stays()
    {
        using var folder = new TestFolder("gateway-hup-");
        await using var server = await RecordingServer.StartAsync();
        var config = TestConfig.Write(folder.Path, server.Url, """{ "version": "1", "default": "allow" }""");
        await using (var gateway = await GatewayProcess.StartAsync(config, Path.Combine(folder.Path, "data")))
        {
            await gateway.SaysAsync("is active");
            var loads = Loads(gateway);

            gateway.HangUp();

            await Soon.UntilAsync(() => Loads(gateway) > loads, "it is read again");
            using var client = gateway.Client();
            using var body = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""",
                new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            using var answer = await client.PostAsync("", body);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }

    private static int Loads(GatewayProcess gateway) => gateway.Errors.Split("is active").Length - 1;
}
