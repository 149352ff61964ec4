using System.Diagnostics.Metrics;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Tests.Telemetry;

/// <summary>What became of messages: each outcome is told from a server's first message on, and none lost.</summary>
public sealed class UpstreamMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly UpstreamMetrics _metrics;

    public UpstreamMetricsTests() => _metrics = new(_services.GetRequiredService<IMeterFactory>(), TimeProvider.System);

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Counts_every_message_of_many_at_once()
    {
        Assert.Empty(Read());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _metrics.Ended("crm", new RelayOutcome(200, false, 2, RelayEnd.Completed));
                _metrics.Ended("crm", new RelayOutcome(503, true, 2, RelayEnd.Completed));
                _metrics.WasAbandoned("crm");
            }
        })));
        _metrics.WasUnreachable("mail");

        Assert.Equal(
            [
                "outcome=abandoned,server=crm 8000", "outcome=abandoned,server=mail 0",
                "outcome=answered,server=crm 8000", "outcome=answered,server=mail 0",
                "outcome=broken,server=crm 0", "outcome=broken,server=mail 0",
                "outcome=failed,server=crm 8000", "outcome=failed,server=mail 0",
                "outcome=no_response,server=crm 0", "outcome=no_response,server=mail 0",
                "outcome=refused,server=crm 0", "outcome=refused,server=mail 0",
                "outcome=timed_out,server=crm 0", "outcome=timed_out,server=mail 0",
                "outcome=unreachable,server=crm 0", "outcome=unreachable,server=mail 1",
            ],
            Read());
    }

    private string[] Read() =>
        MetricReading.Of(_services.GetRequiredService<IMeterFactory>(), "gateway.upstream.calls");
}
