using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>The metrics of the gateway's credentials for servers.</summary>
public sealed class CredentialMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _tokens;

    /// <summary>Creates the instruments.</summary>
    public CredentialMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterNames.Servers);
        _tokens = _meter.CreateCounter<long>(
            "gateway.upstream.tokens", description: "Requests for access tokens for servers, by outcome.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Taken(string server, bool isTaken) =>
        _tokens.Add(1, new("server", server), new("outcome", isTaken ? "taken" : "failed"));
}
