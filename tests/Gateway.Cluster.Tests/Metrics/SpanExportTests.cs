namespace Gateway.Cluster.Tests.Metrics;

/// <summary>Spans of Orleans go to the same OTLP receiver as those of calls.</summary>
public sealed class SpanExportTests
{
    [ClusterFact]
    public async Task Spans_of_Orleans_reach_the_receiver_from_a_frontend_and_from_a_silo()
    {
        using var folder = new TestFolder();
        await using var server = await RecordingServer.StartAsync();
        await using var receiver = await MessageReceiver.StartAsync();
        await using var fleet = await SiloFleet.StartAsync(silos: 0);
        fleet.Environment =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ];
        var silo = (await fleet.AddSilosAsync(1))[0];
        var frontend = await fleet.StartReadyAsync(
            "frontend", "--config", AgentConfig.Write(folder.Path, server.Url, max: 3),
            "--data", Path.Combine(folder.Path, "data"), "--listen", "http://127.0.0.1:0");
        using var agents = new AgentCrowd(server);
        agents.Use(frontend.Address);
        agents.Start();
        await agents.RunDryAsync();

        // Names of sources and instances are plain text in the messages of Protobuf.
        string[] names = [silo.Name, frontend.Name];
        var senders = new HashSet<string>();
        while (senders.Count < names.Length)
        {
            var message = await receiver.NextAsync();
            if (message.Path == "/v1/traces"
                && message.Body.Contains("Microsoft.Orleans.Application", StringComparison.Ordinal)
                && message.Body.Contains("ICounterGrain", StringComparison.Ordinal))
                senders.UnionWith(names.Where(name => message.Body.Contains(name, StringComparison.Ordinal)));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), senders.Order(StringComparer.Ordinal));
    }
}
